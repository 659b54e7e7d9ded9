import { parseMigration } from "../folder/migration-file.js";
import { inspectFiles } from "../inspect/inspect-files.js";
import type { Inspection } from "../inspect/inspection.js";
import type { KnownSchema } from "../schema/known-schema.js";
import { loadParser } from "../sql/parser.js";
import type { DiffStatement } from "./difference.js";
import type { DiffScript } from "./statements.js";

/** A diff as a migration: its text, and what there is to say about each of its statements. */
export interface WeighedScript {
  readonly sql: string;
  readonly statements: readonly DiffStatement[];
  readonly compatibility: Inspection["compatibility"];
}

/** Rules about how a file is written have nothing to say of one that is made. */
const ofWriting = new Set(["prefer-robust-stmts", "unnamed-constraint", "several-alters-of-one-table"]);

/** Holds a diff against everything that migrations are held against. `schema`: what is there before it; is changed by it. */
export async function weigh(script: DiffScript, schema: KnownSchema): Promise<WeighedScript> {
  if (script.statements.length === 0) return { sql: "", statements: [], compatibility: "code-only" };
  const { text, lines } = written(script);
  const file = parseMigration("diff", "diff.sql", text);
  const [inspection] = inspectFiles([file], { parser: await loadParser(), schema });
  const { statements = [], findings = [], compatibility = "unknown" } = inspection ?? {};
  const within = (index: number) => (line: number) => line >= (lines[index] ?? 0) && line < (lines[index + 1] ?? Infinity);
  return {
    sql: text,
    compatibility,
    statements: script.statements.map((sql, index) => {
      const inspected = statements.find(({ line }) => within(index)(line));
      return {
        sql,
        locks: inspected?.locks ?? [],
        rewrites: inspected?.rewrites ?? [],
        findings: findings.filter(({ line, rule }) => within(index)(line) && !ofWriting.has(rule)),
      };
    }),
  };
}

/** The text, and in which lines its statements begin. */
function written({ statements, alone, forward }: DiffScript): { readonly text: string; readonly lines: readonly number[] } {
  const head = alone ? "-- fairlead: no-transaction\n" : "";
  const setting = forward ? `set ${alone ? "" : "local "}check_function_bodies = off;\n` : "";
  let text = `${head}${setting}`;
  const lines: number[] = [];
  for (const sql of statements) {
    lines.push(text.split("\n").length);
    text += `${sql.trim().replace(/;$/, "")};\n`;
  }
  if (forward && alone) text += "reset check_function_bodies;\n";
  return { text, lines };
}
