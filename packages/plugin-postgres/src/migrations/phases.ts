import { fail, type MigrationPhase, type MigrationPlan } from "@fairlead/core";
import { postgresErrors } from "../postgres-errors.js";

/** In the order in which they run. */
export const allPhases: readonly MigrationPhase[] = ["expand", "backfill", "contract"];

/** Throws `POSTGRES_PHASE_PENDING` where something of these phases would run before something that is pending and belongs to an earlier phase: what contracts would drop what a backfill still reads. */
export function refuseBeforeEarlier(pending: MigrationPlan["pending"], phases: readonly MigrationPhase[]): void {
  const wanted = pending.filter(({ phase }) => phases.includes(phase));
  const last = Math.max(-1, ...wanted.map(({ phase }) => allPhases.indexOf(phase)));
  const earlier = pending.filter(({ phase }) => !phases.includes(phase) && allPhases.indexOf(phase) < last);
  if (earlier.length === 0) return;
  const missing = allPhases.filter((one) => earlier.some(({ phase }) => phase === one));
  throw fail(postgresErrors, "POSTGRES_PHASE_PENDING", {
    phase: allPhases[last] ?? "contract",
    missing,
    migrations: earlier.map(({ id }) => id),
  });
}
