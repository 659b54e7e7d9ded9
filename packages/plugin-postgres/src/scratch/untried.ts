import type { MigrationFinding } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { inPhases } from "../folder/phases.js";
import type { Rehearsal, Rehearsed } from "./rehearsal.js";
import type { WayBack } from "./verification.js";

/** Where nothing could be tried. */
export function untried({ folder, pending }: Rehearsal, because: string, hint?: string): Rehearsed {
  const migrations = inPhases(pending).map((file) => ({
    ...{ id: file.id, path: file.path, outcome: "untried" as const, statements: [], wayBack: untriedWayBack(file) },
  }));
  return { findings: [unproved(folder, because, hint)], migrations, drift: [], schema: null };
}

/** What is said of the way back of what was not tried. */
export function untriedWayBack({ down }: MigrationFile): WayBack {
  return down === undefined ? "none" : "untried";
}

/** That the migrations of a folder were not proved to run, which stops nothing. */
export function unproved(
  folder: string,
  because: string,
  hint = "They run unproved; one that fails keeps nothing of itself.",
): MigrationFinding {
  return {
    severity: "warning",
    migration: folder,
    message: `it was not proved that the pending migrations can run: ${because}`,
    hint,
  };
}
