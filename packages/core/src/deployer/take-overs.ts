import type { Lease } from "../contract/store.js";
import { openWriter, acquireLease, takeOver, waitForLease } from "./driving.js";
import type { CommandOptions } from "./command-options.js";
import { deliverMessages } from "./delivery.js";
import { createDeploymentHandle } from "./deployment-handle.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import { hasEnded, stepsOf, type DeploymentState } from "../machine/index.js";
import { createOversight } from "./oversight.js";
import { readHistory } from "./reports.js";
import type { Runtime } from "./runtime.js";
import { createUsable } from "./usable-environments.js";
import type { Deployer, Deployment, DeploymentSummary, RecoveryRefusal } from "./types.js";

/** Between two looks of a worker, in milliseconds. */
const lookEvery = 1_000;

export interface TakeOvers extends Pick<Deployer, "recover" | "work"> {
  /** Drives a deployment here if nobody alive does, now or as soon as the lease of its process has ended. */
  driveIfAbandoned(runtime: Runtime, deploymentId: string): Promise<Deployment>;
  /** Reads what becomes of it, whoever drives it. */
  follow(environment: string, deploymentId: string): Deployment;
}

type Driver = Pick<Parameters<typeof createDeploymentHandle>[0], "driven" | "abandoned">;

/** Going on with what other processes began. */
export function createTakeOvers({ environments, drives, store, clock, application, call }: CommandOptions): TakeOvers {
  const open = async (environment: string | undefined): Promise<readonly DeploymentSummary[]> =>
    (await readHistory(store, application, { open: true, limit: 1000, ...(environment === undefined ? {} : { environment }) })).items;

  const handle = (environment: string, id: string, driver: Driver = {}): Deployment =>
    createDeploymentHandle({ store, clock, application, id, environment, joined: true, ...driver });

  const driveOn = async (runtime: Runtime, id: string, lease: Lease): Promise<Deployment> => {
    const writer = openWriter(runtime.engine, id);
    await writer.refresh();
    await requireKnown(runtime, writer.state, lease);
    await takeOver(runtime.engine, writer, lease);
    if (hasEnded(writer.state.phase) || writer.state.phase === "needs_attention") {
      await store.leases.release(lease);
      return handle(runtime.spec.name, id);
    }
    return handle(runtime.spec.name, id, {
      driven: { done: drives.start(runtime, { id, writer, lease }), state: () => writer.state },
    });
  };

  const driveOnceFree = async (runtime: Runtime, id: string, signal: AbortSignal | undefined): Promise<Deployment> =>
    driveOn(runtime, id, await waitForLease(runtime.engine, id, signal));

  /** A process that lacks the plugins of a plan must not carry it out, nor fail it. */
  const requireKnown = async ({ engine }: Runtime, { plan }: DeploymentState, lease: Lease): Promise<void> => {
    const unknown = stepsOf(plan).find(({ operation }) => engine.operations[operation] === undefined);
    if (unknown === undefined) return;
    await store.leases.release(lease);
    throw fail(coreErrors, "STEP_UNKNOWN", { step: unknown.id, operation: unknown.operation });
  };

  const oversight = createOversight({ drives, store, clock, application, call, driveOn });

  const driveIfAbandoned = async (runtime: Runtime, id: string): Promise<Deployment> => {
    const { name } = runtime.spec;
    if (drives.has(id)) return handle(name, id);
    const answer = await acquireLease(runtime.engine, id);
    if (answer.granted) return driveOn(runtime, id, answer.lease);
    return handle(name, id, { abandoned: oversight.takeOverOnceFree(runtime, id, answer.held) });
  };

  const driveIfFree = async (runtime: Runtime, id: string): Promise<void> => {
    if (drives.has(id)) return;
    const answer = await acquireLease(runtime.engine, id);
    if (answer.granted) await driveOn(runtime, id, answer.lease);
  };

  /** Environments with messages that have not been delivered. One that is gone, or whose secrets this process does not have, is left to another. */
  const waitingRuntimes = async (environment?: string): Promise<readonly Runtime[]> => {
    const query = { application, state: "pending", limit: 1000, ...(environment === undefined ? {} : { environment }) } as const;
    const names = new Set((await store.outbox.list(query)).map((message) => message.environment));
    const runtimes = await Promise.allSettled([...names].map((name) => environments.runtime(name)));
    return runtimes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  };

  const deliver = async (signal: AbortSignal): Promise<readonly Promise<void>[]> => {
    const runtimes = await waitingRuntimes();
    return (await Promise.all(runtimes.map((runtime) => deliverMessages(runtime, signal)))).flat();
  };

  return {
    driveIfAbandoned,
    follow(environment, id) {
      oversight.tellOnceFree(environment, id);
      return handle(environment, id);
    },
    async recover({ environment, signal } = {}) {
      // Closing delivers the messages of every environment that is set up.
      await waitingRuntimes(environment);
      const deployments: Deployment[] = [];
      const refusals: RecoveryRefusal[] = [];
      for (const { id, environment: name, phase } of await open(environment)) {
        try {
          deployments.push(
            phase === "needs_attention" || drives.has(id)
              ? handle(name, id)
              : await driveOnceFree(await environments.runtime(name), id, signal),
          );
        } catch (error) {
          if (signal?.aborted === true) throw error;
          // One that cannot be recovered keeps no other from it.
          refusals.push({ deploymentId: id, environment: name, error: serializeError(error) });
        }
      }
      return { deployments, refusals };
    },
    async work({ signal = new AbortController().signal, untilIdle = false } = {}) {
      const usable = createUsable({ environments, clock, call });
      await usable.requireOne();
      let round: Promise<void> | undefined;
      const deliveries = new Set<Promise<void>>();
      const deliverBeside = async (): Promise<void> => {
        for (const delivery of await deliver(signal).catch(() => [])) {
          deliveries.add(delivery);
          void delivery.finally(() => deliveries.delete(delivery));
        }
        round = undefined;
      };
      while (!signal.aborted) {
        for (const { id, environment } of await open(undefined)) await usable.use(environment, id, (runtime) => driveIfFree(runtime, id));
        if (untilIdle) {
          await drives.idle();
          const begun = await deliver(signal);
          if (begun.length === 0) return;
          await Promise.all(begun);
        } else {
          // Beside everything else: no deployment waits for a channel that hangs. A store that fails is found out above.
          round ??= deliverBeside();
          await clock.sleep(lookEvery, { signal }).catch(() => undefined);
        }
      }
      await round;
      await Promise.all(deliveries);
    },
  };
}
