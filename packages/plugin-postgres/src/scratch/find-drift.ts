import type { MigrationFinding } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { differencesBetween, type Difference } from "../snapshot/differences.js";
import { readSnapshot, type SchemaSnapshot } from "../snapshot/snapshot.js";

export interface DriftQuestion {
  /** A connection to the real database. */
  readonly admin: Session;
  /** What a database consists of on which all was applied that was applied to the real one, and nothing else. */
  readonly made: SchemaSnapshot;
  /** Schemas that do not count. */
  readonly except: readonly string[];
}

/** How many differences are named. */
const named = 5;

/** Where the real database is not what its migrations make: somebody has changed it by hand, or a migration does not always do the same. */
export async function findDrift({ admin, made, except }: DriftQuestion): Promise<readonly Difference[]> {
  return differencesBetween(await readSnapshot(admin, except), made);
}

/** Drift for people; `folder` is how the folder is called. */
export function driftFindings(folder: string, differences: readonly Difference[]): readonly MigrationFinding[] {
  if (differences.length === 0) return [];
  const more = differences.length > named ? `, and ${String(differences.length - named)} more` : "";
  return [
    {
      severity: "warning",
      migration: folder,
      message: `the database is not what its migrations make: ${differences.slice(0, named).map(inWords).join(", ")}${more}.`,
      hint: "Write a migration that makes what was changed by hand (with `if not exists` for what is there), or change it back.",
    },
  ];
}

/** Why it was not looked for: nobody can tell what those that are not in the folder have made from what was changed by hand. */
export function unseenFindings(folder: string, ahead: readonly string[]): readonly MigrationFinding[] {
  if (ahead.length === 0) return [];
  const more = ahead.length > named ? ` and ${String(ahead.length - named)} more` : "";
  return [
    {
      severity: "warning",
      migration: folder,
      message: `it was not looked whether the database is what its migrations make: ${ahead.slice(0, named).join(", ")}${more} ${ahead.length === 1 ? "is" : "are"} applied and not in this folder.`,
      hint: "Look from the folder of the newest release, which has all of them.",
    },
  ];
}

function inWords({ kind, name, there }: Difference): string {
  const what = `the ${kind} ${name.replace(/^public\./, "")}`;
  if (there === "both") return `${what} is another one`;
  return there === "here" ? `${what} comes from no migration` : `${what} is missing`;
}
