import type { Store } from "../contract/store.js";
import { createAlarm } from "../engine/alarm.js";
import { watchPatiently } from "../engine/watch-patiently.js";
import { serializeError } from "../errors/fairlead-error.js";
import { streamNames } from "../journal/index.js";
import type { Clock } from "../time/clock.js";
import type { Runtime } from "./runtime.js";

/** What could not begin although nothing but its turn is missing is looked at again after this, in milliseconds. */
const lookAgain = 1_000;

/** Most that passes between two looks, should a notice of the store be lost, in milliseconds. */
const lookAnyway = 60_000;

/** Deployments that this process began and that do nothing but wait: one timer and one watch serve them all. */
export interface WaitingRoom {
  /** `at`: when there is something to do, epoch milliseconds; infinity: not without an event. */
  add(runtime: Runtime, id: string, at: number): void;
  stop(): Promise<void>;
}

interface Guest {
  readonly runtime: Runtime;
  /** When it is looked at again at the latest. */
  readonly at: number;
  /** When there is something to do, as its journal and this clock say; in the past of what only waits for its turn. */
  readonly due: number;
}

export function createWaitingRoom(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  /** Goes on with one that is due. Answers when there is something to do next; `undefined` if it waits no longer. */
  readonly resume: (runtime: Runtime, id: string) => Promise<number | undefined>;
}): WaitingRoom {
  const { store, clock, application } = options;
  const prefix = streamNames.deployments(application);
  const guests = new Map<string, Guest>();
  /** When one was gone on with last although by this clock there is nothing to do, and how long it is left alone then, in milliseconds. */
  const disputed = new Map<string, { readonly at: number; readonly rest: number }>();
  const stopped = new AbortController();
  const alarm = createAlarm(clock);
  let looking: Promise<void> | undefined;
  let rung = Promise.withResolvers<undefined>();
  const ring = (): void => {
    rung.resolve(undefined);
  };

  const isStopped = (): boolean => stopped.signal.aborted;

  const resume = async (id: string, { runtime }: Guest): Promise<void> => {
    try {
      const at = await options.resume(runtime, id);
      if (at === undefined) guests.delete(id);
      else guests.set(id, { runtime, at: Math.max(at, clock.now() + lookAgain), due: at });
    } catch (error) {
      // Another process may be able to.
      runtime.log.warn(`${id} goes on waiting: ${serializeError(error).message}`);
      guests.set(id, { runtime, at: clock.now() + lookAnyway, due: clock.now() });
    }
  };

  /**
   * Whether one that the store calls due, and this clock does not, is gone on with. Once at once: another process has changed when it is due. Where it is so again, the clocks differ, and whoever goes on with it finds nothing to
   * do each time: it is left alone for longer and longer.
   */
  const believes = (id: string, guest: Guest): boolean => {
    const now = clock.now();
    if (guest.due <= now || guest.at <= now) return true;
    const last = disputed.get(id);
    const since = last === undefined ? Infinity : Math.abs(now - last.at);
    if (last !== undefined && since < last.rest) {
      guests.set(id, { ...guest, at: now + last.rest - since });
      return false;
    }
    disputed.set(id, { at: now, rest: last === undefined || since > lookAnyway ? lookAgain : Math.min(lookAnyway, 2 * last.rest) });
    return true;
  };

  /** The store knows of each when it is due, also where another process has changed that. */
  const resumeDue = async (): Promise<void> => {
    for (const { name } of await store.timers.due({ prefix, limit: 1000 })) {
      const id = name.slice(prefix.length);
      const guest = guests.get(id);
      if (guest !== undefined && !isStopped() && believes(id, guest)) await resume(id, guest);
    }
    for (const [id, { at }] of disputed) if (Math.abs(clock.now() - at) > 2 * lookAnyway) disputed.delete(id);
    // What has ended meanwhile has no timer any more.
    for (const [id, guest] of guests) if (guest.at <= clock.now() && !isStopped()) await resume(id, guest);
  };

  /** Rings for whatever is written: the end of one may be the turn of another. However much that is, it is looked at once for all that came meanwhile. */
  const listen = async (signal: AbortSignal): Promise<void> => {
    const changes = watchPatiently({ store, clock, prefix, signal });
    while ((await changes.next()).done !== true) ring();
  };

  const look = async (): Promise<void> => {
    const watching = new AbortController();
    listen(watching.signal).catch(() => undefined);
    while (guests.size > 0 && !isStopped()) {
      let next = clock.now() + lookAnyway;
      for (const { at } of guests.values()) next = Math.min(next, at);
      await Promise.race([alarm.at(next), rung.promise]).catch(() => undefined);
      // Whoever rings from here on is heard in the next round, also while this one is looking.
      rung = Promise.withResolvers<undefined>();
      if (!isStopped()) await resumeDue().catch(() => undefined);
    }
    watching.abort("nobody waits any more");
    looking = undefined;
  };

  return {
    add(runtime, id, at) {
      guests.set(id, { runtime, at, due: at });
      looking ??= look();
      ring();
    },
    async stop() {
      stopped.abort("the deployer is closing");
      alarm.stop();
      ring();
      await looking;
    },
  };
}
