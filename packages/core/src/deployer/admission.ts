import type { CallOptions } from "../contract/call.js";
import type { Plan } from "../contract/plan.js";
import type { Lease } from "../contract/store.js";
import type { DeploymentWriter, DraftEvent } from "../engine/deployment-writer.js";
import { readEnvironment, type EnvironmentState } from "../engine/environment-journal.js";
import { readPlanRequest } from "../engine/facts.js";
import { unmetRequirement } from "../engine/requirements.js";
import { followUp, withIntents } from "../engine/follow-up.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { canonicalJson } from "../json/canonical-json.js";
import type { Json } from "../json/json.js";
import { claimName } from "../journal/index.js";
import { decide, isWaiting, type DeploymentState } from "../machine/index.js";
import { compilePlan } from "../plan/index.js";
import { acquireLease, openWriter } from "./driving.js";
import { freezeOf, type Freeze } from "../engine/freeze.js";
import { waitingIn } from "./queue.js";
import type { Runtime } from "./runtime.js";

export interface Admitted {
  readonly id: string;
  readonly writer: DeploymentWriter;
  readonly lease: Lease;
}

/** The environment changes under it this often before it is left for later. */
const mostTries = 3;

/**
 * Lets a deployment that waits begin, if it may: people have agreed, nothing holds it, it is its turn, and the environment is free. What is due meanwhile is recorded. Answers `undefined` where it
 * goes on waiting, or has ended.
 */
export async function admit(runtime: Runtime, id: string, call: CallOptions): Promise<Admitted | undefined> {
  const { engine, spec } = runtime;
  const { store, application, clock } = engine;
  for (let tries = 1; ; tries += 1) {
    const environment = await readEnvironment(store, application, spec.name);
    const writer = openWriter(engine, id, { known: environment });
    await writer.refresh();
    await writer.append((state) => (state !== undefined && isWaiting(state.phase) ? followUp(state, undefined, clock.now()) : undefined));
    const { state } = writer;
    if (!decide(state).some(({ type }) => type === "admit")) return undefined;
    const freeze = holdOf(runtime, environment, id);
    if (freeze !== undefined && !state.overridden) {
      await writer.append(stillQueued({ type: "deployment.held", data: { ...freeze } }));
      return undefined;
    }
    const obstacle = state.overridden ? undefined : await obstacleOf(runtime, state);
    if (obstacle !== undefined) {
      await writer.append(stillQueued(obstacle));
      return undefined;
    }
    if (!(await isItsTurn(runtime, id))) return undefined;
    try {
      const plan = await planAnew(runtime, { environment, state, call });
      if (plan !== undefined && plan.digest !== state.plan.digest && plan.approval !== undefined)
        await writer.append(stillQueued({ type: "plan.renewed", data: { plan } }));
      else return await claim(runtime, writer, plan);
    } catch (error) {
      if (isFairleadError(error, "CLAIM_HELD")) return undefined;
      if (!isFairleadError(error, "STORE_CONFLICT") || tries >= mostTries) throw error;
    }
  }
}

/** What keeps it from beginning, whoever has agreed to it: a freeze, or a rollback since. */
function holdOf({ spec, engine }: Runtime, environment: EnvironmentState, id: string): Freeze | undefined {
  return freezeOf(spec, environment, engine.clock.now()) ?? pinOf(environment, id);
}

/** What was asked for before somebody rolled back does not replace what was put back, unless somebody says so. */
function pinOf({ pin }: EnvironmentState, id: string): Freeze | undefined {
  if (pin === null || id > pin.deploymentId) return undefined;
  return { reason: `${pin.actor.name} rolled back to ${pin.release} since: deploy again, or release it`, until: null };
}

/** Between two looks at what another application serves: the longer it was waited for, the longer. In milliseconds. */
const lookAgain = { least: 15_000, most: 600_000 };

/** What becomes of a deployment while another application does not serve what is required. */
async function obstacleOf({ engine, spec }: Runtime, { createdAt }: DeploymentState): Promise<DraftEvent | undefined> {
  const unmet = await unmetRequirement(engine.store, spec.requirements);
  if (unmet === undefined) return undefined;
  const { reason, requirement } = unmet;
  const now = engine.clock.now();
  const expiresAt = createdAt + requirement.within;
  if (requirement.orElse === "refuse")
    return { type: "deployment.rejected", data: { actor: { name: "the configuration", via: "automatic" }, reason } };
  if (now >= expiresAt) return { type: "deployment.expired", data: { reason } };
  const pause = Math.min(lookAgain.most, Math.max(lookAgain.least, Math.round((now - createdAt) / 10)));
  return { type: "deployment.held", data: { reason, until: Math.min(expiresAt, now + pause) } };
}

/** Decided of a deployment that is queued, and appended only if it is still. */
function stillQueued(draft: DraftEvent): (state: DeploymentState | undefined) => readonly DraftEvent[] | undefined {
  return (state) => (state?.phase === "queued" ? [draft] : undefined);
}

async function isItsTurn({ engine, spec }: Runtime, id: string): Promise<boolean> {
  const { store, application } = engine;
  if ((await store.claimOf(claimName(application, spec.name))) !== undefined) return false;
  const first = (await waitingIn(store, application, spec.name)).find(({ phase }) => phase === "queued");
  return first === undefined || first.id >= id;
}

/** The plan of the same release, made from what is true now; `undefined` if that is the same plan. */
async function planAnew(
  { spec, capabilities, engine, repository }: Runtime,
  { environment, state, call }: { readonly environment: EnvironmentState; readonly state: DeploymentState; readonly call: CallOptions },
): Promise<Plan | undefined> {
  const { application, store, clock } = engine;
  const sources = { application, spec, capabilities, state: environment, store, clock, call, repository };
  const plan = compilePlan(await readPlanRequest(sources, { pinned: state.plan.release, commits: state.plan.commits }));
  return canonicalJson(plan as unknown as Json) === canonicalJson(state.plan as unknown as Json) ? undefined : plan;
}

async function claim({ engine }: Runtime, writer: DeploymentWriter, plan: Plan | undefined): Promise<Admitted | undefined> {
  const { id } = writer.state;
  const answer = await acquireLease(engine, id);
  if (!answer.granted) return undefined;
  const { lease } = answer;
  writer.setFence({ lease: lease.name, token: lease.token });
  const drafts: readonly DraftEvent[] = [
    ...(plan === undefined ? [] : [{ type: "plan.renewed", data: { plan } } as const]),
    { type: "deployment.claimed", data: {} },
    { type: "deployment.started", data: { holder: engine.holder, fence: lease.token, predecessorDead: true } },
  ];
  try {
    const begun = await writer.append((state) => {
      if (state === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId: id });
      return state.phase === "queued" && state.abort === null ? withIntents(state, drafts, engine.clock.now()) : undefined;
    });
    if (begun) return { id, writer, lease };
  } catch (error) {
    await engine.store.leases.release(lease);
    throw error;
  }
  await engine.store.leases.release(lease);
  return undefined;
}
