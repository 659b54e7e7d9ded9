import type { MigrationFinding, SchemaCompatibility } from "@fairlead/core";
import type { Node } from "libpg-query";
import type { MigrationFile } from "../folder/migration-file.js";
import { beforeContract, inPhases } from "../folder/phases.js";
import { newSchema, type KnownSchema } from "../schema/known-schema.js";
import { learn } from "../schema/learn.js";
import { loadParser, type Parser } from "../sql/parser.js";
import { worstOf, type Break } from "./break.js";
import { breaksIn } from "./breaks-in.js";
import type { Known } from "./known.js";
import { noNovelties } from "./novelties.js";

/** What becomes of the code before when pending files run. */
export interface Survival {
  readonly findings: readonly MigrationFinding[];
  /** By file: what it says itself, else the worst of what it does. Nobody knows it of a file that cannot be read. */
  readonly compatibility: ReadonlyMap<string, SchemaCompatibility | "unknown">;
}

/**
 * Finds statements that the code before may not survive. Those of files that say `contract`, or how compatible they are, are somebody's decision; any other is an error. Reads the files in the order in
 * which they run; `schema` is what the database holds before them.
 */
export async function findBreaks(
  pending: readonly MigrationFile[],
  schema: KnownSchema = newSchema({ complete: true }),
): Promise<Survival> {
  const compatibility = new Map<string, SchemaCompatibility | "unknown">(pending.map((file) => [file.id, file.compatibility]));
  const before = beforeContract(pending);
  if (before.every(({ stated }) => stated)) return { findings: [], compatibility };
  const parser = await loadParser();
  const known: Known = { novelties: noNovelties(), schema: structuredClone(schema) };
  const findings = inPhases(before).flatMap((file) => {
    if (file.code) {
      if (!file.stated) compatibility.set(file.id, "unknown");
      return file.stated || file.problems.length > 0 ? [] : [untold(file)];
    }
    const script = parser.read(file.text);
    if ("problem" in script) {
      if (!file.stated) compatibility.set(file.id, "unknown");
      // Of a file with problems enough is said.
      return file.stated || file.problems.length > 0 ? [] : [unreadable(file)];
    }
    let here = known;
    const found = script.statements.flatMap(({ node, place }) => {
      if (leadsElsewhere(node)) here = { novelties: noNovelties(), schema: newSchema({ complete: false }) };
      return breaksAt(parser, node, here).map((one) => ({ ...one, line: place.line }));
    });
    if (file.stated) return [];
    compatibility.set(file.id, worstOf(found));
    return found.map((one) => finding(file, one));
  });
  return { findings, compatibility };
}

function breaksAt(parser: Parser, node: Node, known: Known): readonly Break[] {
  const found = breaksIn(parser, node, known);
  learn(known.schema, node);
  return found;
}

/** Whether names may mean something else from here on: then nothing is known of them. What a function sets holds in it alone. */
function leadsElsewhere(node: Node): boolean {
  return !("CreateFunctionStmt" in node || "AlterFunctionStmt" in node) && /search_path/i.test(JSON.stringify(node));
}

function finding({ id, path }: MigrationFile, { line, what, recipe }: Break & { readonly line: number }): MigrationFinding {
  return {
    severity: "error",
    migration: id,
    message: `${path}:${String(line)}: ${what}. The code before may not survive that, and the file does not say that it does.`,
    hint:
      `${recipe} Or write at the beginning of the file \`-- fairlead: contract\` for what is to run when nothing older lives, \`needs-down\` or \`irreversible\` where the release before cannot ` +
      "simply be put back, or `code-only` if you know that it can.",
  };
}

/** Code is not run to see what it does. */
function untold({ id, path }: MigrationFile): MigrationFinding {
  return {
    severity: "warning",
    migration: id,
    message: `${path} is code, and does not say whether the code before survives it.`,
    hint: "Say at its beginning whether the release before can be put back: `// fairlead: code-only`, `needs-down` or `irreversible`.",
  };
}

function unreadable({ id, path }: MigrationFile): MigrationFinding {
  return {
    severity: "warning",
    migration: id,
    message: `${path} cannot be read as PostgreSQL reads it: whether the code before survives it is not known.`,
    hint: "Mend it, or say at its beginning whether the release before can be put back: `-- fairlead: code-only`, `needs-down` or `irreversible`.",
  };
}
