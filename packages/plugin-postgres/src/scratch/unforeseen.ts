import type { MigrationFinding } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { blockedBy } from "../locks/lock-mode.js";
import { isUnforeseen } from "./observe-statements.js";
import type { ObservedStatement } from "./verification.js";

const hint = "A function, a trigger or a block that it calls does that. Look what it touches, and when that may be locked.";

/** Where statements did more to those who use the database than their text lets expect. What nobody has to wait for is not said. */
export function findUnforeseen({ id, path }: MigrationFile, statements: readonly ObservedStatement[]): readonly MigrationFinding[] {
  const finding = (line: number, what: string): MigrationFinding => ({
    severity: "warning",
    migration: id,
    message: `${path}:${String(line)}: ${what}`,
    hint,
  });
  return statements.flatMap(({ line, locks, rewrites }) => [
    ...locks.filter(isUnforeseen).flatMap(({ relation, mode, foreseen }) => {
      const waits = blockedBy(mode);
      if (waits === "nothing that an application does") return [];
      const expected = foreseen === null ? "nothing" : foreseen;
      return [finding(line, `it took ${mode} on ${relation} where its text lets expect ${expected}: others wait for ${waits}.`)];
    }),
    ...rewrites
      .filter(({ foreseen }) => !foreseen)
      .map(({ relation }) => finding(line, `it wrote ${relation} anew, row by row, which its text does not let expect.`)),
  ]);
}
