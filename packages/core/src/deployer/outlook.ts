import { frozenAhead } from "../config/freezes.js";
import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { Plan } from "../contract/plan.js";
import type { Store } from "../contract/store.js";
import { readEnvironment, type EnvironmentState } from "../engine/environment-journal.js";
import { freezeOf } from "../engine/freeze.js";
import { approvalsOutlook, spreadOf, stepsOutlook, type FreezeOutlook, type PlanOutlook } from "../history/index.js";
import { claimName } from "../journal/index.js";
import { never, wayBack } from "../machine/index.js";
import type { Clock } from "../time/clock.js";
import { readEvents } from "./explanation.js";
import { waitingIn } from "./queue.js";
import { readHistory } from "./reports.js";

/** From so many deployments it is told how long something takes. */
const lastDeployments = 5;

/** What recurs and begins within this time is told, in milliseconds: that is each of them once. */
const soon = 7 * 86_400_000;

/** What is to be expected of a plan. Reads the store, asks no provider and writes nothing. */
export async function readOutlook(
  plan: Plan,
  { store, clock, spec }: { readonly store: Store; readonly clock: Clock; readonly spec: EnvironmentSpec },
): Promise<PlanOutlook> {
  const { application, environment } = plan;
  const outcome = plan.kind === "rollback" ? "rolled-back" : "promoted";
  const { items } = await readHistory(store, application, { environment, outcome, limit: lastDeployments });
  const journals = await Promise.all(items.map(({ id }) => readEvents(store, application, id)));
  const times = items.map(({ createdAt, endedAt, waited }) => Date.parse(endedAt ?? createdAt) - Date.parse(createdAt) - waited);
  return {
    steps: stepsOutlook(plan, journals),
    duration: spreadOf(times),
    wayBack: wayBack({ plan }),
    approvals: approvalsOutlook(plan),
    freezes: plan.kind === "rollback" ? [] : freezesAhead(spec, await readEnvironment(store, application, environment), clock.now()),
    running: (await store.claimOf(claimName(application, environment))) ?? null,
    queued: (await waitingIn(store, application, environment)).length,
  };
}

function freezesAhead(spec: EnvironmentSpec, state: EnvironmentState, now: number): readonly FreezeOutlook[] {
  const current = freezeOf(spec, state, now);
  const ahead = [...frozenAhead(spec.freezes, now, now + soon), ...frozenAhead(spec.freezes.filter(isOnce), now + soon, never)];
  return [
    ...(current === undefined ? [] : [{ reason: current.reason, now: true, from: null, until: momentOf(current.until) }]),
    ...ahead.map(({ reason, from, until }) => ({ reason, now: false, from: momentOf(from), until: momentOf(until) })),
  ];
}

/** However far away: a plan may wait for people until then. */
function isOnce(freeze: EnvironmentSpec["freezes"][number]): boolean {
  return !("zone" in freeze);
}

function momentOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
