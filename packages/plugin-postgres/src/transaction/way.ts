import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import type { LedgerEntry } from "../ledger/ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import { needsReadingToRun } from "../sql/hints.js";
import { loadParser } from "../sql/parser.js";
import { shapeOf, type Unit } from "../sql/units.js";

/** How a file is run. */
export type Way =
  | {
      /** In one transaction. */
      readonly kind: "transaction";
      /** What is sent: the file's, without a `begin` and `commit` around it. */
      readonly text: string;
      /** How many of its first statements are not in the text. */
      readonly skipped: number;
      /** Whether the text may end the transaction. */
      readonly loose: boolean;
      /** How the transaction begins, where the file asks for another isolation. */
      readonly begin?: string | undefined;
    }
  /** Unit by unit. */
  | { readonly kind: "steps"; readonly units: readonly Unit[] };

/** The parser is loaded only for what may need it. */
export async function wayOf(file: MigrationFile, entry: LedgerEntry | undefined): Promise<Way> {
  const { text } = file;
  // It asks what it has to when it runs.
  if (file.code) return { kind: "transaction", text, skipped: 0, loose: false };
  // What has begun to run step by step goes on so.
  const inSteps = (entry?.progress ?? null) !== null;
  const transaction = file.transaction && !inSteps;
  if (transaction && !needsReadingToRun(text)) return { kind: "transaction", text, skipped: 0, loose: false };
  const script = (await loadParser()).read(text);
  if ("problem" in script) {
    // The server may know what this parser does not.
    if (transaction) return { kind: "transaction", text, skipped: 0, loose: true };
    const { message, place } = script.problem;
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", {
      ...{ migration: file.id, at: `${file.path}:${String(place.line)}:${String(place.column)}`, problem: message, sqlState: "42601" },
      ...{ statement: null, undone: true, kept: 0 },
    });
  }
  const shape = shapeOf(script, { alone: !file.transaction, inSteps });
  if (shape.kind === "steps") return shape;
  if (shape.kind === "loose") return { kind: "transaction", text, skipped: 0, loose: true };
  const { statements, skipped, begin } = shape;
  if (skipped === 0) return { kind: "transaction", text, skipped, loose: false };
  return { kind: "transaction", text: onlyStatements(text, statements), skipped, loose: false, begin };
}

/** The text without the words that begin and end a transaction; what is left keeps its place. */
function onlyStatements(text: string, statements: readonly { readonly start: number; readonly end: number }[]): string {
  const parts: string[] = [];
  let behind = 0;
  for (const { start, end } of statements) {
    parts.push(blank(text.slice(behind, start)), text.slice(start, end));
    behind = end;
  }
  return [...parts, blank(text.slice(behind))].join("");
}

function blank(text: string): string {
  return text.replaceAll(/[^\n;]/gu, " ");
}
