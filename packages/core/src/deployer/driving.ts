import type { Lease, LeaseAnswer, Store, StreamWrite } from "../contract/store.js";
import type { ProcessIdentity } from "../contract/deployment-events.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { companionsOf } from "../engine/companions.js";
import { createDeploymentWriter, type DeploymentWriter } from "../engine/deployment-writer.js";
import { drive, type Driving } from "../engine/driver.js";
import type { Engine, Recorder } from "../engine/engine.js";
import type { EnvironmentState } from "../engine/environment-journal.js";
import { keepLease } from "../engine/lease-keeper.js";
import { createStepLog, type StepLog } from "../engine/log-writer.js";
import { isProvenDead } from "../engine/process-identity.js";
import { hasEnded } from "../machine/index.js";
import { formatMilliseconds } from "../time/duration.js";

/**
 * Opens the journal of a deployment for appending. With `known`, the environment as the plan was made for it, the first commit is refused if the environment has changed since; it is also refused if a
 * write that it `beginsWith` is. The last commit takes it that nobody has changed it meanwhile, and is made anew from what is there if somebody has.
 */
export function openWriter(
  recorder: Recorder,
  deploymentId: string,
  { known, beginsWith = [] }: { readonly known?: EnvironmentState; readonly beginsWith?: readonly StreamWrite[] } = {},
): DeploymentWriter {
  const { store, clock, redactor, application, onEvents } = recorder;
  let current = known;
  return createDeploymentWriter({
    store,
    clock,
    redactor,
    application,
    deploymentId,
    onEvents,
    companions: async (events, after) => {
      const companions = await companionsOf(recorder, events, after, current);
      if (hasEnded(after.phase)) current = undefined;
      const isFirst = events.some(({ type }) => type === "deployment.created");
      return isFirst ? { ...companions, streams: [...(companions.streams ?? []), ...beginsWith] } : companions;
    },
  });
}

export function openLog(engine: Engine, deploymentId: string, onEntry?: Parameters<typeof createStepLog>[0]["onEntry"]): StepLog {
  const { store, clock, redactor, application } = engine;
  return createStepLog({ store, clock, redactor, application, deploymentId, ...(onEntry === undefined ? {} : { onEntry }) });
}

/** Asks for the right to drive a deployment. Of a holder that is proven dead it is taken at once. */
export async function acquireLease(engine: Engine, deploymentId: string): Promise<LeaseAnswer> {
  const { store, holder, leaseTtl } = engine;
  const request = { name: leaseName(deploymentId), holder: { ...holder }, ttl: leaseTtl };
  const answer = await store.leases.acquire(request);
  if (answer.granted || !isProvenDead(identityOf(answer.held))) return answer;
  return store.leases.acquire({ ...request, takeOver: answer.held.token });
}

/** Who drives a deployment now. Nobody does where its lease has ended or the holder is proven dead. */
export async function readDriver(store: Store, deploymentId: string): Promise<ProcessIdentity | undefined> {
  const lease = await store.leases.read(leaseName(deploymentId));
  if (lease === undefined || lease.expiresAt <= (await store.now())) return undefined;
  const holder = identityOf(lease);
  return isProvenDead(holder) ? undefined : holder;
}

/** Like `acquireLease`, but waits for a lease that is not renewed to end. Throws `DEPLOYMENT_RUNNING_ELSEWHERE` when its holder is alive. */
export async function waitForLease(engine: Engine, deploymentId: string, signal: AbortSignal | undefined): Promise<Lease> {
  const { clock, store } = engine;
  let seen: number | undefined;
  for (;;) {
    const answer = await acquireLease(engine, deploymentId);
    if (answer.granted) return answer.lease;
    const left = answer.held.expiresAt - (await store.now());
    if (seen !== undefined && answer.held.expiresAt > seen) {
      throw fail(coreErrors, "DEPLOYMENT_RUNNING_ELSEWHERE", {
        deploymentId,
        holder: holderName(identityOf(answer.held)),
        expiresIn: formatMilliseconds(Math.max(0, left)),
      });
    }
    seen = answer.held.expiresAt;
    await clock.sleep(Math.min(Math.max(50, left), 1_000), { signal });
  }
}

/** Records that this process drives from here on, whoever did before. Records nothing where nobody has to drive it: it has ended, or a person has to decide. */
export async function takeOver(engine: Engine, writer: DeploymentWriter, lease: Lease): Promise<void> {
  writer.setFence({ lease: lease.name, token: lease.token });
  await writer.refresh();
  await writer.append((state) => {
    if (state === undefined || hasEnded(state.phase) || state.phase === "needs_attention") return undefined;
    const predecessorDead = state.holder === null || isProvenDead(state.holder);
    return [{ type: "deployment.started", data: { holder: engine.holder, fence: lease.token, predecessorDead } }];
  });
}

/** Drives until it has ended, a person has to decide, the lease is lost, or `stop` aborts. A lease that is not ended by the last commit is given up then: nothing of it runs here any more, and whoever comes next need not wait for its end. */
export async function driveLeased(driving: Driving, lease: Lease, stop: AbortSignal): Promise<void> {
  const { engine, writer } = driving;
  writer.setFence({ lease: lease.name, token: lease.token }, stop);
  const keeper = keepLease({ store: engine.store, clock: engine.clock, lease, ttl: engine.leaseTtl });
  try {
    await drive(driving, keeper, stop);
    // One that cannot be given up ends by itself.
    if (writer.state.phase === "needs_attention" || (stop.aborted && !keeper.lost.aborted))
      await engine.store.leases.release(lease).catch(() => undefined);
  } catch (error) {
    if (!isFairleadError(error, "LEASE_LOST")) throw error;
  } finally {
    keeper.stop();
  }
}

function leaseName(deploymentId: string): string {
  return `deployment/${deploymentId}`;
}

/** Holders are written by `acquireLease` only. */
function identityOf({ holder }: Lease): ProcessIdentity {
  return holder as unknown as ProcessIdentity;
}

/** A holder for people. */
export function holderName({ name, host, pid }: ProcessIdentity): string {
  return name === host ? `${host} (process ${String(pid)})` : `${name} on ${host} (process ${String(pid)})`;
}
