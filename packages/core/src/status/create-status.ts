import { randomUUID } from "node:crypto";
import type { Logger } from "../contract/call.js";
import { serializeError } from "../errors/fairlead-error.js";
import { backgroundClock } from "../time/background-clock.js";
import { systemClock } from "../time/clock.js";
import { createAlertDesk, type AlertDesk } from "./alerts.js";
import { createIncidentDesk, type DeskOptions, type IncidentDesk } from "./desk.js";
import { beat, type Heart } from "./heartbeat.js";
import { createLeader, keepEvery } from "./leader.js";
import { createMaintenanceDesk, type MaintenanceDesk } from "./maintenance-desk.js";
import { readOptions, type StatusOptions } from "./options.js";
import type { StatusSnapshot } from "./snapshot.js";
import { createStatusReader } from "./status-reader.js";
import { createSnapshots, type StatusListener } from "./status-snapshots.js";

/** The status of an application in one environment: what its page says, and those who may change it. Does nothing until `background()`, `tick()` or `refresh()`. */
export interface Status extends IncidentDesk, MaintenanceDesk, AlertDesk {
  readonly environment: string;
  /** What is known now: the same object until something changes. Reads nothing and never waits. */
  snapshot(): StatusSnapshot;
  /** What is known now; reads the store first where that has not been done for longer than the interval, as in hosts without a background. Where it takes long or fails: what was read before, with its age. Never rejects. */
  current(): Promise<StatusSnapshot>;
  /** Reads the store once. Rejects where it cannot be reached: then what was read before stays, with its age. */
  refresh(): Promise<StatusSnapshot>;
  /** Calls the listener when a snapshot says something else than the one before. Returns the function that removes it. */
  onChange(listener: StatusListener): () => void;
  /**
   * Says every now and then that this process is there and what its checks say; of all processes one, by a lease of the store, folds that into the page, opens and resolves incidents and keeps the history. Keeps no
   * process alive. Idempotent; returns this object.
   */
  background(): Status;
  /** All that `background()` does, once: for hosts without a background. Rejects where the store cannot be reached. */
  tick(): Promise<StatusSnapshot>;
  /** Ends the schedule and lets another process lead at once. Idempotent. `background()` begins again. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const silent = (): void => undefined;
const asIs = (text: string): string => text;
const noLog: Logger = Object.freeze({ info: silent, warn: silent, error: silent });

/** How long a request waits for the store, in milliseconds. */
const patience = 500;

/** Makes the status page of an application. Does no I/O. Throws `STATUS_OPTION_INVALID`. */
export function createStatus(options: StatusOptions): Status {
  const read = readOptions(options);
  const { application, environment, store, health, log = noLog, notify = [], redact = asIs } = options;
  const { page, components, interval, openAfter, resolveAfter, retention } = read;
  const clock = backgroundClock(options.clock ?? systemClock);
  const instance = options.instance ?? randomUUID();
  const desk: DeskOptions = { application, environment, store, clock, channels: notify, redact, declared: { page, components } };
  const heart: Heart = { instance, begun: false };
  const snapshots = createSnapshots({
    reader: createStatusReader(store, desk),
    clock,
    log,
    page,
    components,
    freshFor: keepEvery + 3 * interval,
  });
  const leader = createLeader({
    ...desk,
    page,
    components,
    interval,
    retention,
    damping: { openAfter, resolveAfter },
    holder: { instance },
    note: () => noteOf(snapshots.current()),
  });
  let schedule: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();

  const tick = async (): Promise<StatusSnapshot> => {
    if (health !== undefined) await beat(store, desk, heart, { snapshot: health.snapshot(), now: await store.now() });
    await leader.lead();
    return snapshots.renew();
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let reachable = true;
    while (!signal.aborted) {
      try {
        await tick();
        reachable = true;
      } catch (error) {
        if (reachable) log.warn("the status page could not be brought up to date", { message: serializeError(error).message });
        reachable = false;
      }
      await clock.sleep(interval, { signal }).catch(silent);
    }
  };

  /** What was written is shown by this process at once. */
  const shown =
    <Input, Result>(write: (input: Input) => Promise<Result>) =>
    async (input: Input): Promise<Result> => {
      const result = await write(input);
      await snapshots.renew();
      return result;
    };
  const incidents = createIncidentDesk(desk);
  const maintenances = createMaintenanceDesk(desk);
  const alerts = createAlertDesk(desk);

  const status: Status = Object.freeze<Status>({
    openIncident: shown((input) => incidents.openIncident(input)),
    updateIncident: shown((input) => incidents.updateIncident(input)),
    scheduleMaintenance: shown((input) => maintenances.scheduleMaintenance(input)),
    updateMaintenance: shown((input) => maintenances.updateMaintenance(input)),
    completeMaintenance: shown((input) => maintenances.completeMaintenance(input)),
    cancelMaintenance: shown((input) => maintenances.cancelMaintenance(input)),
    receiveAlerts: shown((input) => alerts.receiveAlerts(input)),
    environment,
    snapshot: () => snapshots.current(),
    async current() {
      if (!snapshots.isOlderThan(interval + patience)) return snapshots.current();
      const tooLong = new AbortController();
      await Promise.race([snapshots.refresh(), clock.sleep(patience, { signal: tooLong.signal })]).catch(silent);
      tooLong.abort();
      return snapshots.current();
    },
    refresh: () => snapshots.refresh(),
    onChange: (listener) => snapshots.onChange(listener),
    background() {
      if (schedule !== undefined) return status;
      schedule = new AbortController();
      const { signal } = schedule;
      running = running.then(() => run(signal));
      return status;
    },
    tick,
    async stop() {
      schedule?.abort();
      schedule = undefined;
      await running;
      // Whoever cannot be told lets the lease run out.
      await leader.resign().catch(silent);
    },
    [Symbol.asyncDispose]: () => status.stop(),
  });
  return status;
}

/** What happens at the same time may be why. */
function noteOf({ deployment }: StatusSnapshot): string | null {
  return deployment === null ? null : `A deployment is under way since ${deployment.startedAt}.`;
}
