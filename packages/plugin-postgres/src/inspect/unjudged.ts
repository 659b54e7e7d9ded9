import type { MigrationFile } from "../folder/migration-file.js";
import type { SyntaxProblem } from "../sql/script.js";
import type { Inspection, InspectionFinding } from "./inspection.js";

/** Code is not run to see what it does. */
export function untold(file: MigrationFile): Inspection {
  return unjudged(file, problemsOf(file));
}

/** What no parser reads. */
export function unreadable(file: MigrationFile, { message, place }: SyntaxProblem): Inspection {
  const finding: InspectionFinding = {
    rule: "cannot-be-read",
    severity: "warning",
    path: file.path,
    ...place,
    message,
    why: "PostgreSQL does not read it either, or only a newer version does.",
    recipe: "Mend it. If it is right, say at its beginning whether the release before can be put back.",
  };
  return unjudged(file, [...problemsOf(file), finding]);
}

/** All that is known is what the file says of itself. */
function unjudged(
  { id, path, phase, declared, transaction, compatibility, stated }: MigrationFile,
  findings: readonly InspectionFinding[],
): Inspection {
  return {
    ...{ id, path, phase, declared, inferred: null, transaction },
    compatibility: stated ? compatibility : "unknown",
    statements: [],
    findings,
  };
}

/** What is wrong with the file itself: `plan` stops for it. */
export function problemsOf({ path, problems }: MigrationFile): readonly InspectionFinding[] {
  return problems.map(({ line, message, hint }) => ({
    rule: "file-problem",
    severity: "error",
    path,
    line,
    column: 1,
    message,
    why: "Passed over, it would run as if it had not been said.",
    recipe: hint,
  }));
}
