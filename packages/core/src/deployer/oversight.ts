import type { CallOptions } from "../contract/call.js";
import type { Lease, Store } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { hasEnded } from "../machine/index.js";
import type { Clock } from "../time/clock.js";
import { readState } from "./deployment-handle.js";
import type { Drives } from "./drives.js";
import { acquireLease, readDriver } from "./driving.js";
import type { Runtime } from "./runtime.js";

/** Between two looks where nothing says when the next one is worth it, in milliseconds. */
const lookEvery = 5_000;

/** Looks after deployments that other processes drive: who follows one must not wait for a process that is gone. */
export interface Oversight {
  /** Drives it on here as soon as its lease has ended. Rejects if this process would have to and cannot; never resolves. */
  takeOverOnceFree(runtime: Runtime, id: string, lease: Lease): Promise<never>;
  /** Says it once when nobody drives it any more; for a process that cannot. */
  tellOnceFree(environment: string, id: string): void;
}

export function createOversight({
  drives,
  store,
  clock,
  application,
  call,
  driveOn,
}: {
  readonly drives: Drives;
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  readonly call: CallOptions;
  readonly driveOn: (runtime: Runtime, id: string, lease: Lease) => Promise<unknown>;
}): Oversight {
  const overseen = new Map<string, Promise<never>>();
  const pause = (milliseconds: number): Promise<void> =>
    clock.sleep(Math.max(50, milliseconds), { signal: drives.stopping, background: true });
  const isUnderWay = async (id: string): Promise<boolean> => {
    const { phase } = await readState(store, application, id);
    return !hasEnded(phase) && phase !== "needs_attention";
  };

  /** When it is worth to look again; `undefined` when there is nothing left to look after. */
  const look = async (runtime: Runtime, id: string): Promise<number | undefined> => {
    const { leaseTtl } = runtime.engine;
    if (!(await isUnderWay(id))) return undefined;
    if (drives.has(id)) return (await store.now()) + leaseTtl;
    const answer = await acquireLease(runtime.engine, id);
    if (!answer.granted) return answer.held.expiresAt;
    await driveOn(runtime, id, answer.lease);
    return answer.lease.expiresAt;
  };

  const oversee = async (runtime: Runtime, id: string, { expiresAt }: Lease): Promise<void> => {
    let next: number | undefined = expiresAt;
    while (next !== undefined) {
      await pause(next - (await store.now().catch(() => clock.now())));
      try {
        next = await look(runtime, id);
      } catch (error) {
        if (!isFairleadError(error) || !error.retryable) throw error;
        next = (await store.now().catch(() => clock.now())) + lookEvery;
      }
    }
  };

  const tell = async (environment: string, id: string): Promise<void> => {
    while (await isUnderWay(id)) {
      if ((await readDriver(store, id)) === undefined) {
        call.log.warn(`nobody drives ${id} in ${environment} any more: \`recover\` finishes it, where its secrets are`);
        return;
      }
      await pause(lookEvery);
    }
  };

  return {
    takeOverOnceFree(runtime, id, lease) {
      let problem = overseen.get(id);
      if (problem === undefined) {
        problem = oversee(runtime, id, lease)
          .catch((error: unknown) => {
            if (!drives.stopping.aborted) throw error;
          })
          .finally(() => overseen.delete(id))
          .then(() => new Promise<never>(() => undefined));
        problem.catch(() => undefined);
        overseen.set(id, problem);
      }
      return problem;
    },
    tellOnceFree(environment, id) {
      tell(environment, id).catch(() => undefined);
    },
  };
}
