import type { LogEntry } from "../contract/deployment-events.js";
import type { Lease } from "../contract/store.js";
import type { DeploymentWriter } from "../engine/deployment-writer.js";
import { deliverMessages, drainMessages } from "./delivery.js";
import { driveLeased, openLog } from "./driving.js";
import type { Runtime } from "./runtime.js";

/** Between two looks for messages that are due, in milliseconds. */
const outboxEvery = 500;

/** What this process drives, and the messages that it delivers beside it. */
export interface Drives {
  /** Aborts when nothing more may be driven. */
  readonly stopping: AbortSignal;
  /** Drives in the background. Resolves when this process drives it no more, and rejects if it cannot go on. */
  start(runtime: Runtime, task: { readonly id: string; readonly writer: DeploymentWriter; readonly lease: Lease }): Promise<void>;
  /** Delivers in the background what is due now, while nothing is driven. */
  tell(runtime: Runtime): void;
  has(id: string): boolean;
  /** Resolves when nothing is driven any more. */
  idle(): Promise<void>;
  /** Delivers messages of these environments until none is due any more, the time is up, or only such are left that wait for longer. */
  drain(runtimes: readonly Runtime[], within: number): Promise<void>;
  /** Stops driving and gives up its leases: another process goes on at once. */
  stop(): Promise<void>;
}

export function createDrives(options: { readonly onLog: (deploymentId: string, entry: LogEntry) => void }): Drives {
  const stopping = new AbortController();
  const drives = new Map<string, Promise<void>>();
  const couriers = new Map<string, Promise<void>>();

  /** One courier per environment, as long as something is driven; nothing waits for it. */
  const deliverBeside = (runtime: Runtime): void => {
    const { name } = runtime.spec;
    if (couriers.has(name)) return;
    const deliver = async (): Promise<void> => {
      const begun: Promise<void>[] = [];
      while (!stopping.signal.aborted) {
        // What a deployment says when it begins to wait is told too.
        const isLast = drives.size === 0;
        begun.push(...(await deliverMessages(runtime, stopping.signal).catch(() => [])));
        if (isLast) break;
        await runtime.engine.clock.sleep(outboxEvery, { signal: stopping.signal, background: true }).catch(() => undefined);
      }
      await Promise.all(begun);
    };
    couriers.set(
      name,
      deliver().finally(() => couriers.delete(name)),
    );
  };

  return {
    stopping: stopping.signal,
    start(runtime, { id, writer, lease }) {
      const log = openLog(runtime.engine, id, (entry) => {
        options.onLog(id, entry);
      });
      const { state } = writer;
      const work = runtime.engine.telemetry.deployment(state, async () => {
        await driveLeased({ engine: runtime.engine, writer, log, fence: lease.token }, lease, stopping.signal);
        return writer.state;
      });
      const driven = work.then(() => undefined).finally(() => drives.delete(id));
      drives.set(id, driven);
      deliverBeside(runtime);
      driven.catch(() => undefined);
      return driven;
    },
    tell: deliverBeside,
    has: (id) => drives.has(id),
    async idle() {
      while (drives.size > 0) await Promise.allSettled(drives.values());
    },
    async drain(runtimes, within) {
      await Promise.all(runtimes.map((runtime) => drainMessages(runtime, within)));
    },
    async stop() {
      stopping.abort("the deployer is closing");
      await Promise.allSettled([...drives.values(), ...couriers.values()]);
    },
  };
}
