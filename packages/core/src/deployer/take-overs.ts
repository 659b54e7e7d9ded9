import type { Lease } from "../contract/store.js";
import { openWriter, acquireLease, takeOver, waitForLease } from "./driving.js";
import type { CommandOptions } from "./command-options.js";
import { createDeploymentHandle } from "./deployment-handle.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { hasEnded, stepsOf, type DeploymentState } from "../machine/index.js";
import { deliverDue } from "../engine/outbox-worker.js";
import { readHistory } from "./reports.js";
import type { Runtime } from "./runtime.js";
import type { Deployer, Deployment, DeploymentSummary } from "./types.js";

/** Between two looks of a worker, in milliseconds. */
const lookEvery = 1_000;

export interface TakeOvers extends Pick<Deployer, "recover" | "work"> {
  /** Drives a deployment here if nobody alive does. */
  driveIfAbandoned(runtime: Runtime, deploymentId: string): Promise<Deployment>;
}

type Driven = NonNullable<Parameters<typeof createDeploymentHandle>[0]["driven"]>;

/** Going on with what other processes began. */
export function createTakeOvers({ environments, drives, store, clock, application }: CommandOptions): TakeOvers {
  const open = async (environment: string | undefined): Promise<readonly DeploymentSummary[]> =>
    (await readHistory(store, application, { open: true, limit: 1000, ...(environment === undefined ? {} : { environment }) })).items;

  const handle = (runtime: Runtime, id: string, driven?: Driven): Deployment =>
    createDeploymentHandle({
      store,
      clock,
      application,
      id,
      environment: runtime.spec.name,
      joined: true,
      ...(driven === undefined ? {} : { driven }),
    });

  const driveOn = async (runtime: Runtime, id: string, lease: Lease): Promise<Deployment> => {
    const writer = openWriter(runtime.engine, id);
    await writer.refresh();
    await requireKnown(runtime, writer.state, lease);
    await takeOver(runtime.engine, writer, lease);
    if (hasEnded(writer.state.phase) || writer.state.phase === "needs_attention") {
      await store.leases.release(lease);
      return handle(runtime, id);
    }
    return handle(runtime, id, { done: drives.start(runtime, { id, writer, lease }), state: () => writer.state });
  };

  /** A process that lacks the plugins of a plan must not carry it out, nor fail it. */
  const requireKnown = async ({ engine }: Runtime, { plan }: DeploymentState, lease: Lease): Promise<void> => {
    const unknown = stepsOf(plan).find(({ operation }) => engine.operations[operation] === undefined);
    if (unknown === undefined) return;
    await store.leases.release(lease);
    throw fail(coreErrors, "STEP_UNKNOWN", { step: unknown.id, operation: unknown.operation });
  };

  const driveIfAbandoned = async (runtime: Runtime, id: string): Promise<Deployment> => {
    if (drives.has(id)) return handle(runtime, id);
    const answer = await acquireLease(runtime.engine, id);
    return answer.granted ? driveOn(runtime, id, answer.lease) : handle(runtime, id);
  };

  return {
    driveIfAbandoned,
    async recover({ environment, signal } = {}) {
      const deployments: Deployment[] = [];
      for (const { id, environment: name, phase } of await open(environment)) {
        const runtime = await environments.runtime(name);
        if (phase === "needs_attention" || drives.has(id)) deployments.push(handle(runtime, id));
        else deployments.push(await driveOn(runtime, id, await waitForLease(runtime.engine, id, signal)));
      }
      return deployments;
    },
    async work({ signal, untilIdle = false } = {}) {
      while (signal?.aborted !== true) {
        for (const { id, environment: name } of await open(undefined)) await driveIfAbandoned(await environments.runtime(name), id);
        let delivered = 0;
        for (const name of environments.names) {
          const runtime = await environments.runtime(name);
          const { engine, capabilities } = runtime;
          delivered += await deliverDue(
            {
              ...engine,
              store,
              application,
              environment: name,
              holder: `${engine.holder.host}/${String(engine.holder.pid)}`,
              capabilities,
              log: runtime.log,
            },
            signal ?? new AbortController().signal,
          );
        }
        if (untilIdle) {
          await drives.idle();
          if (delivered === 0) return;
        } else await clock.sleep(lookEvery, { signal }).catch(() => undefined);
      }
    },
  };
}
