import { fail, type MigrationPhase, type MigrationPlan } from "@fairlead/core";
import { phases as order } from "../folder/phases.js";
import { postgresErrors } from "../postgres-errors.js";

/** Throws `POSTGRES_PHASE_PENDING` where something of these phases would run before something that is pending and belongs to an earlier phase: what contracts would drop what a backfill still reads. */
export function refuseBeforeEarlier(pending: MigrationPlan["pending"], phases: readonly MigrationPhase[]): void {
  const wanted = pending.filter(({ phase }) => phases.includes(phase));
  const last = Math.max(-1, ...wanted.map(({ phase }) => order.indexOf(phase)));
  const earlier = pending.filter(({ phase }) => !phases.includes(phase) && order.indexOf(phase) < last);
  if (earlier.length === 0) return;
  const missing = order.filter((one) => earlier.some(({ phase }) => phase === one));
  throw fail(postgresErrors, "POSTGRES_PHASE_PENDING", {
    phase: order[last] ?? "contract",
    missing,
    migrations: earlier.map(({ id }) => id),
  });
}
