import type { MigrationPhase } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import type { LintedStatement } from "../lint/lint-script.js";
import type { InspectionFinding } from "./inspection.js";
import { changesSchema, makesSomething } from "./phase-of.js";

/** Where the phase that a file says, or is taken to say, is not that of its statements. What contracts and does not say so is found by other rules, statement by statement. */
export function phaseFindings(
  { path, phase, declared, stated }: MigrationFile,
  inferred: MigrationPhase,
  statements: readonly LintedStatement[],
): readonly InspectionFinding[] {
  const place = { path, line: 1, column: 1 };
  if (!declared && inferred === "backfill")
    return [
      {
        ...{ ...place, rule: "phase-undeclared", severity: "note" },
        message: "only changes rows, and runs as expand because it says nothing",
        why: "A backfill runs behind everything that expands, and may take long without holding up what is made for the new release.",
        recipe: "Write `-- fairlead: backfill` at its beginning, or `-- fairlead: expand` if what comes behind it needs these rows.",
      },
    ];
  if (!declared || stated) return [];
  if (phase === "contract" && inferred === "expand" && makesSomething(statements))
    return [
      {
        ...{ ...place, rule: "phase-contradicted", severity: "warning" },
        message: "says contract, and makes something that no release has to miss",
        why: "It runs when nothing older lives, and the new code before it: what that needs would not be there yet.",
        recipe: "Write `-- fairlead: expand`. If it is right as it is, say also `irreversible`, `needs-down` or `code-only`.",
      },
    ];
  if (phase === "backfill" && inferred !== "contract" && changesSchema(statements))
    return [
      {
        ...{ ...place, rule: "phase-contradicted", severity: "warning" },
        message: "says backfill, and changes what the database consists of",
        why: "Backfills run behind everything that expands, so what is made here is not there for it, and one that takes long holds up what the new release needs.",
        recipe: "Move what makes something into a migration of its own, which expands.",
      },
    ];
  return [];
}
