import type { MigrationFile } from "../folder/migration-file.js";
import type { Progress } from "../ledger/ledger.js";
import { checksumOf, type Place } from "../ledger/progress.js";
import type { Statement } from "../sql/script.js";
import type { Unit } from "../sql/units.js";

/** A migration that runs unit by unit. */
export interface Steps extends Place {
  readonly file: MigrationFile;
  readonly units: readonly Unit[];
}

/** How far it came when it stopped. */
export interface Stopped {
  /** How many statements of the file are in effect. */
  done: number;
  /** Whether what came of the last one is known. */
  known: boolean;
}

/** What a file's progress is when this many statements are done. */
export function progressOf(units: readonly Unit[], done: number): Progress {
  return { done, checksum: checksumOf(statementsUpTo(units, done)), attempt: null };
}

function statementsUpTo(units: readonly Unit[], done: number): readonly Statement[] {
  return units.filter((unit) => endOf(unit) <= done).flatMap(({ statements }) => statements);
}

/** The number of a unit's last statement. */
export function endOf({ first, statements }: Unit): number {
  return first + Math.max(0, statements.length - 1);
}
