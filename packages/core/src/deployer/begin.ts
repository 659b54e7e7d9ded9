import type { Actor } from "../contract/deployment-events.js";
import type { DeploymentKind, Plan } from "../contract/plan.js";
import type { Lease, Store, StreamWrite } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import type { DeploymentWriter, DraftEvent } from "../engine/deployment-writer.js";
import type { EnvironmentState } from "../engine/environment-journal.js";
import { withIntents, withRecords } from "../engine/follow-up.js";
import { createDeploymentId } from "../engine/ids.js";
import { claimName, emptyHead, sealEvents, streamNames } from "../journal/index.js";
import type { DeploymentState } from "../machine/index.js";
import { formatMilliseconds } from "../time/duration.js";
import { acquireLease, holderName, openWriter, readDriver } from "./driving.js";
import { readState } from "./deployment-handle.js";
import type { Runtime } from "./runtime.js";

export interface BeginInput {
  readonly kind: DeploymentKind;
  /** Of a request that becomes this deployment. Default: a new one. */
  readonly id?: string | undefined;
  readonly plan: Plan;
  readonly key: string | undefined;
  readonly actor: Actor;
  readonly reason: string | undefined;
  /** What the plan was made from: the commit is refused if the environment has changed since. */
  readonly state: EnvironmentState;
}

export type Begun =
  | { readonly joined: false; readonly id: string; readonly writer: DeploymentWriter; readonly lease: Lease }
  | { readonly joined: true; readonly id: string };

/**
 * Records a deployment and claims the environment, in one commit. Joins the one that has the claim if it was asked for with the same key or does the same. Throws `ENVIRONMENT_BUSY`, `ENVIRONMENT_NEEDS_ATTENTION`, and
 * `STORE_CONFLICT` when the environment has changed since the plan was made or the key has been taken.
 */
export async function begin({ engine }: Runtime, input: BeginInput): Promise<Begun> {
  const { id = createDeploymentId(engine.clock) } = input;
  const { store } = engine;
  const answer = await acquireLease(engine, id);
  if (!answer.granted) throw fail(coreErrors, "LEASE_LOST", { lease: answer.held.name, token: answer.held.token });
  const { lease } = answer;
  const writer = openWriter(engine, id, { known: input.state, beginsWith: keyWrites(engine, input.key, id) });
  writer.setFence({ lease: lease.name, token: lease.token });
  try {
    const started: DraftEvent = {
      type: "deployment.started",
      data: { holder: engine.holder, fence: lease.token, predecessorDead: true },
    };
    await writer.append(() =>
      withIntents(undefined, [createdEvent(id, input), { type: "deployment.claimed", data: {} }, started], engine.clock.now()),
    );
    return { joined: false, id, writer, lease };
  } catch (error) {
    await store.leases.release(lease);
    if (isFairleadError(error, "CLAIM_HELD")) return joinOrRefuse(engine, input, error.data.owner);
    throw error;
  }
}

/** Records a deployment that waits for its turn, for people, or for the end of a freeze. Claims nothing. Answers its id. Throws `STORE_CONFLICT` when the key has been taken. */
export async function enqueue({ engine }: Runtime, input: BeginInput): Promise<string> {
  const { id = createDeploymentId(engine.clock) } = input;
  const writer = openWriter(engine, id, { beginsWith: keyWrites(engine, input.key, id) });
  await writer.append(() => withRecords(createdEvent(id, input), engine.clock.now()));
  return id;
}

/** Records that there was nothing to do, by a plan without steps. Claims nothing, changes nothing. Throws `STORE_CONFLICT` when the key has been taken. */
export async function recordUnchanged({ engine }: Runtime, input: BeginInput): Promise<string> {
  const { id = createDeploymentId(engine.clock) } = input;
  const writer = openWriter(engine, id, { beginsWith: keyWrites(engine, input.key, id) });
  await writer.append(() => [createdEvent(id, input), { type: "deployment.succeeded", data: { outcome: "unchanged" } }]);
  return id;
}

/** Gives a key to a deployment that is there already, so that it stands for no other one later. Throws `STORE_CONFLICT` when the key has been taken. */
export async function takeKey({ engine }: Pick<Runtime, "engine">, key: string | undefined, deploymentId: string): Promise<void> {
  const streams = keyWrites(engine, key, deploymentId);
  if (streams.length > 0) await engine.store.commit({ streams });
}

/** The deployment that a key stands for. */
export async function findByKey(
  store: Store,
  application: string,
  about: { readonly environment: string; readonly key: string },
): Promise<string | undefined> {
  const [taken] = await store.read(streamNames.key(application, about.environment, about.key), { limit: 1 });
  const id = taken?.data["deploymentId"];
  return typeof id === "string" ? id : undefined;
}

/** Takes a key for good: of two deployments that are asked for with it at once, the second is not recorded. */
function keyWrites(
  { application, environment, clock }: Runtime["engine"],
  key: string | undefined,
  deploymentId: string,
): readonly StreamWrite[] {
  if (key === undefined) return [];
  const name = streamNames.key(application, environment, key);
  const taken = { type: "key.taken", at: new Date(clock.now()).toISOString(), data: { deploymentId } };
  return [{ name, expectedVersion: 0, events: sealEvents(name, emptyHead, [taken]).events }];
}

function createdEvent(deploymentId: string, { kind, plan, key, actor, reason }: BeginInput): DraftEvent {
  return { type: "deployment.created", data: { deploymentId, kind, plan, key: key ?? null, actor, reason: reason ?? null } };
}

/** Whether it is on its way to what is asked for. One that is to stop is not, whatever it was to do. */
function doesTheSame({ phase, abort, forced, kind, plan }: DeploymentState, input: BeginInput): boolean {
  return phase === "running" && abort === null && forced === null && kind === input.kind && plan.digest === input.plan.digest;
}

/** The deployment that has the environment, where it does what is asked for. */
export async function findSame({ engine }: Pick<Runtime, "engine">, input: BeginInput): Promise<string | undefined> {
  const { store, application, environment } = engine;
  const owner = await store.claimOf(claimName(application, environment));
  return owner !== undefined && doesTheSame(await readState(store, application, owner), input) ? owner : undefined;
}

async function joinOrRefuse(engine: Runtime["engine"], input: BeginInput, owner: string): Promise<Begun> {
  const { store, application, environment, clock } = engine;
  const state = await readState(store, application, owner);
  if (input.key !== undefined && state.key === input.key) return { joined: true, id: owner };
  if (doesTheSame(state, input)) {
    await takeKey({ engine }, input.key, owner);
    return { joined: true, id: owner };
  }
  const about = {
    environment,
    deploymentId: owner,
    since: new Date(state.createdAt).toISOString(),
    age: formatMilliseconds(clock.now() - state.createdAt),
  };
  if (state.phase === "needs_attention") {
    throw fail(coreErrors, "ENVIRONMENT_NEEDS_ATTENTION", { ...about, reason: state.attention?.reason ?? "it cannot go on by itself." });
  }
  const driver = await readDriver(store, owner);
  const lastHolder = state.holder === null ? state.actor.name : holderName(state.holder);
  const holder = driver === undefined ? null : holderName(driver);
  throw fail(coreErrors, "ENVIRONMENT_BUSY", { ...about, holder, lastHolder, waits: state.parked !== null });
}
