import type { Lease } from "../contract/store.js";
import { openWriter, acquireLease, takeOver, waitForLease } from "./driving.js";
import type { CommandOptions } from "./command-options.js";
import { admit } from "./admission.js";
import { deliverMessages } from "./delivery.js";
import { createDeploymentHandle, readState } from "./deployment-handle.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import type { DeploymentWriter } from "../engine/deployment-writer.js";
import { streamNames } from "../journal/index.js";
import { hasEnded, isWaiting, stepsOf, wakeTime, type DeploymentState } from "../machine/index.js";
import { createOversight } from "./oversight.js";
import { createWorkerPresence } from "./worker-presence.js";
import { createWaitingRoom } from "./waiting-room.js";
import { readHistory } from "./reports.js";
import type { Runtime } from "./runtime.js";
import type { RequestDesk } from "./request-desk.js";
import { createUsable } from "./usable-environments.js";
import type { Deployer, Deployment, DeploymentSummary, RecoveryRefusal } from "./types.js";

/** Between two looks of a worker, in milliseconds, and at least between two. */
const lookEvery = 1_000;
const lookAgain = 50;

export interface TakeOvers extends Pick<Deployer, "recover" | "work"> {
  /** Drives what has been begun here, as `begin` or `admit` left it. */
  start(runtime: Runtime, begun: Driveable): Deployment;
  /**
   * Goes on with a deployment here if nobody alive does, now or as soon as the lease of its process has ended: lets it begin if it may, or drives it. What waits goes on by itself while this
   * process lives.
   */
  goOn(runtime: Runtime, deploymentId: string): Promise<Deployment>;
  /** Stops going on with what waits. */
  stop(): Promise<void>;
  /** Resolves when nothing of what has ended here is removed any more. */
  pruned(): Promise<void>;
  /** Reads what becomes of it, whoever drives it. */
  follow(environment: string, deploymentId: string): Deployment;
}

/** A deployment that this process has the lease of. */
export interface Driveable {
  readonly id: string;
  readonly writer: DeploymentWriter;
  readonly lease: Lease;
}

type Driver = Pick<Parameters<typeof createDeploymentHandle>[0], "driven" | "abandoned">;

/** Going on with what other processes began. */
export function createTakeOvers(
  { environments, drives, store, clock, application, call }: CommandOptions,
  pruneAfter: (runtime: Runtime) => Promise<void>,
  desk: RequestDesk,
): TakeOvers {
  const prunings = new Set<Promise<void>>();

  /** What somebody has to drive, or a person has to decide about. */
  const open = async (environment: string | undefined): Promise<readonly DeploymentSummary[]> => {
    const query = { open: true, asleep: false, limit: 1000, ...(environment === undefined ? {} : { environment }) };
    return (await readHistory(store, application, query)).items;
  };

  /** What has waited, and has something to do now. */
  const due = async (environment: string | undefined): Promise<readonly Pick<DeploymentSummary, "id" | "environment" | "phase">[]> => {
    const prefix = streamNames.deployments(application);
    const timers = await store.timers.due({ prefix, limit: 1000 });
    const states = await Promise.all(timers.map(({ name }) => readState(store, application, name.slice(prefix.length))));
    return states
      .map(({ id, phase, plan }) => ({ id, phase, environment: plan.environment }))
      .filter((one) => environment === undefined || one.environment === environment);
  };

  const handle = (environment: string, id: string, driver: Driver = {}, joined = true): Deployment =>
    createDeploymentHandle({ store, clock, application, id, environment, joined, ...driver });

  const start = (runtime: Runtime, begun: Driveable, joined = false): Deployment => {
    const { id, writer } = begun;
    const done = drives.start(runtime, begun).then(() => {
      const { phase, parked } = writer.state;
      if (parked !== null) room.add(runtime, id, wakeTime(writer.state));
      // The lease has passed to another process, or the store was away for longer than it lasts: whoever follows it here must not wait for nobody.
      else if (!hasEnded(phase) && phase !== "needs_attention" && !drives.stopping.aborted)
        oversight.takeOverOnceFree(runtime, id, begun.lease).catch(() => undefined);
    });
    done.catch(() => undefined);
    const pruning = done.then(() => (hasEnded(writer.state.phase) ? pruneAfter(runtime) : undefined)).catch(() => undefined);
    prunings.add(pruning);
    void pruning.finally(() => prunings.delete(pruning));
    return handle(runtime.spec.name, id, { driven: { done, state: () => writer.state } }, joined);
  };

  const driveOn = async (runtime: Runtime, id: string, lease: Lease): Promise<Deployment> => {
    const writer = openWriter(runtime.engine, id);
    await writer.refresh();
    await requireKnown(runtime, writer.state, lease);
    await takeOver(runtime.engine, writer, lease);
    if (hasEnded(writer.state.phase) || writer.state.phase === "needs_attention") {
      await store.leases.release(lease);
      return handle(runtime.spec.name, id);
    }
    return start(runtime, { id, writer, lease }, true);
  };

  const driveOnceFree = async (runtime: Runtime, id: string, signal: AbortSignal | undefined): Promise<Deployment> =>
    driveOn(runtime, id, await waitForLease(runtime.engine, id, signal));

  /** A process that lacks the plugins of a plan must not carry it out, nor fail it. */
  const requireKnown = async ({ engine }: Runtime, { plan }: DeploymentState, lease: Lease): Promise<void> => {
    const unknown = stepsOf(plan).find(({ operation }) => engine.operation(operation) === undefined);
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

  /** Answers the lease of the process that drives it, where that is another one. */
  const driveIfFree = async (runtime: Runtime, id: string): Promise<Lease | undefined> => {
    if (drives.has(id)) return undefined;
    const answer = await acquireLease(runtime.engine, id);
    if (!answer.granted) return answer.held;
    await driveOn(runtime, id, answer.lease);
    return undefined;
  };

  /** Until a worker looks again, in milliseconds: at once when the first of these leases ends, should nobody have renewed it. */
  const pauseBefore = async (held: readonly Lease[]): Promise<number> => {
    if (held.length === 0) return lookEvery;
    const now = await store.now();
    return Math.min(lookEvery, ...held.map(({ expiresAt }) => Math.max(lookAgain, expiresAt - now)));
  };

  const letBegin = async (runtime: Runtime, id: string): Promise<Deployment> => {
    const admitted = await admit(runtime, id, call);
    return admitted === undefined ? handle(runtime.spec.name, id) : start(runtime, admitted, true);
  };

  /** When a deployment that nobody drives has something to do; `undefined` if it does not just wait. */
  const wakeTimeOf = async (id: string): Promise<number | undefined> => {
    const state = await readState(store, application, id);
    const isAsleep = isWaiting(state.phase) || (state.parked !== null && !hasEnded(state.phase));
    return isAsleep && !drives.has(id) ? wakeTime(state) : undefined;
  };

  const resume = async (runtime: Runtime, id: string): Promise<number | undefined> => {
    const { phase, parked } = await readState(store, application, id);
    if (isWaiting(phase)) await letBegin(runtime, id);
    else if (parked !== null && !hasEnded(phase)) await driveIfFree(runtime, id);
    return wakeTimeOf(id);
  };

  const room = createWaitingRoom({ store, clock, application, resume });

  const goOn = async (runtime: Runtime, id: string): Promise<Deployment> => {
    const { phase, parked } = await readState(store, application, id);
    const deployment = isWaiting(phase)
      ? await letBegin(runtime, id)
      : parked === null
        ? await driveIfAbandoned(runtime, id)
        : handle(runtime.spec.name, id);
    const at = await wakeTimeOf(id);
    if (at !== undefined) room.add(runtime, id, at);
    return deployment;
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
    start,
    goOn,
    stop: () => room.stop(),
    async pruned() {
      await Promise.all(prunings);
    },
    follow(environment, id) {
      oversight.tellOnceFree(environment, id);
      return handle(environment, id);
    },
    async recover({ environment, signal } = {}) {
      // Closing delivers the messages of every environment that is set up.
      await waitingRuntimes(environment);
      const deployments: Deployment[] = [];
      const refusals: RecoveryRefusal[] = [];
      for (const { id, environment: name, phase } of [...(await open(environment)), ...(await due(environment))]) {
        try {
          deployments.push(
            phase === "needs_attention" || drives.has(id)
              ? handle(name, id)
              : isWaiting(phase)
                ? await goOn(await environments.runtime(name), id)
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
      const presence = createWorkerPresence({ store, clock, application, holder: environments.holder() });
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
        await presence.say();
        await desk.look(usable, signal);
        const driveable = (await open(undefined)).filter(({ phase }) => phase !== "needs_attention");
        const held: Lease[] = [];
        for (const { id, environment } of driveable)
          await usable.use(environment, id, async (runtime) => {
            const lease = await driveIfFree(runtime, id);
            if (lease !== undefined) held.push(lease);
          });
        for (const { id, environment } of await due(undefined))
          await usable.use(environment, id, (runtime) => resume(runtime, id).then(() => undefined));
        if (untilIdle) {
          await desk.idle();
          await drives.idle();
          const begun = await deliver(signal);
          if (begun.length === 0) break;
          await Promise.all(begun);
        } else {
          // Beside everything else: no deployment waits for a channel that hangs. A store that fails is found out above.
          round ??= deliverBeside();
          await clock.sleep(await pauseBefore(held), { signal }).catch(() => undefined);
        }
      }
      await presence.leave();
      await desk.idle();
      await round;
      await Promise.all(deliveries);
    },
  };
}
