import type { MigrationFile } from "../folder/migration-file.js";
import { allRules } from "../lint/all-rules.js";
import type { Ignore } from "../lint/ignores.js";
import { lintScript, type LintedStatement, type LintFinding } from "../lint/lint-script.js";
import type { Rule } from "../lint/rule.js";
import { blockedBy } from "../locks/lock-mode.js";
import type { KnownSchema } from "../schema/known-schema.js";
import { outsideTransaction } from "../sql/outside-transaction.js";
import type { Parser } from "../sql/parser.js";
import type { Script } from "../sql/script.js";
import { worstOf } from "../survival/break.js";
import type { Inspection, InspectedStatement, InspectionFinding } from "./inspection.js";
import { phaseFindings } from "./phase-findings.js";
import { phaseOf } from "./phase-of.js";
import { severityOf } from "./severity.js";
import { summaryOf } from "./summary.js";
import { problemsOf, unreadable, untold } from "./unjudged.js";

export interface InspectOptions {
  readonly parser: Parser;
  /** What is there before the first file runs; is changed by what they do. */
  readonly schema: KnownSchema;
  /** Default all. */
  readonly rules?: readonly Rule[];
}

/** Reads files in the order in which they run, and says what their statements do to those who use the database. */
export function inspectFiles(files: readonly MigrationFile[], { parser, schema, rules = allRules }: InspectOptions): readonly Inspection[] {
  return files.map((file) => {
    if (file.code) return untold(file);
    const script = parser.read(file.text);
    return "problem" in script ? unreadable(file, script.problem) : inspect(file, script, { parser, schema, rules });
  });
}

function inspect(file: MigrationFile, script: Script, { parser, schema, rules }: Required<InspectOptions>): Inspection {
  const transaction = file.transaction && !script.statements.some(({ node }) => outsideTransaction(node) !== undefined);
  // Sizes are those before the migration: they are gone from what is known of a table that it drops.
  const rowsOf = (relation: string): number | undefined => sizes.get(relation);
  const sizes = new Map(
    (schema.complete ? [...schema.relations] : []).flatMap(([name, { rows }]) => (rows === undefined ? [] : [[name, rows] as const])),
  );
  const { statements, ignores } = lintScript({ parser, text: file.text, script, schema, rules, transaction });
  const findings = statements.flatMap((statement) => statement.findings.flatMap((finding) => findingsIn(file, finding, rowsOf)));
  const inferred = phaseOf(statements);
  return {
    id: file.id,
    path: file.path,
    phase: file.phase,
    declared: file.declared,
    inferred,
    transaction,
    compatibility: file.stated || file.phase === "contract" ? file.compatibility : worstOf(statements.flatMap(({ breaks }) => breaks)),
    statements: statements.map((statement) => inspected(statement, rowsOf)),
    findings: [
      ...problemsOf(file),
      ...phaseFindings(file, inferred, statements),
      ...findings,
      ...ignores.map((ignore) => ofIgnore(file, ignore)),
    ],
  };
}

function inspected({ statement, effects }: LintedStatement, rowsOf: (relation: string) => number | undefined): InspectedStatement {
  const locks = [...effects.locks].map(([relation, mode]) => {
    const rows = rowsOf(relation);
    return { relation, mode, blocks: blockedBy(mode), ...(rows === undefined ? {} : { rows }) };
  });
  return { line: statement.place.line, summary: summaryOf(statement.text), locks, rewrites: effects.rewrites };
}

function findingsIn(
  { path, phase }: MigrationFile,
  { rule, what, place, relation, fix }: LintFinding,
  rowsOf: (relation: string) => number | undefined,
): readonly InspectionFinding[] {
  // That is what it is for.
  if (phase === "contract" && rule.concern === "compatibility") return [];
  const severity = severityOf(rule, relation === undefined ? undefined : rowsOf(relation));
  if (severity === undefined) return [];
  const { id, why, recipe } = rule;
  return [{ rule: id, severity, path, ...place, message: what, why, recipe, ...(fix === undefined ? {} : { fix }) }];
}

function ofIgnore({ path }: MigrationFile, { place, rules, reason }: Ignore): InspectionFinding {
  const named = rules.length === 0 ? "rules" : rules.join(", ");
  return {
    rule: reason === undefined ? "ignore-without-reason" : "unused-ignore",
    severity: reason === undefined ? "warning" : "note",
    path,
    ...place,
    message: reason === undefined ? `is to silence ${named} and does not say why` : `silences ${named}, which have nothing to say`,
    why: "Whoever reads it later cannot tell whether it still holds.",
    recipe: reason === undefined ? "Write `-- fairlead-ignore rule: reason`." : "Remove it.",
  };
}
