import type { ListQuery, Store, StreamSummary } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { systemClock, type Clock } from "../time/clock.js";
import { createChanges } from "./changes.js";
import { followChanges } from "./follow-changes.js";
import { commitToMemory } from "./memory/commit.js";
import { memoryLeases } from "./memory/leases.js";
import { memoryOutbox } from "./memory/outbox.js";
import { emptyState, type MemoryState } from "./memory/state.js";
import { toPage, toPageSize } from "./paging.js";

export interface MemoryStoreOptions {
  /** What leases run on. Default: the machine's clock. */
  readonly clock?: Clock;
}

/** A store that forgets everything when it is closed or its process ends; for tests and for trying things out. What it answers is frozen. */
export function memoryStore({ clock = systemClock }: MemoryStoreOptions = {}): Store {
  const description = "memory";
  const changes = createChanges();
  let state: MemoryState | undefined = emptyState();

  const open = (): { readonly state: MemoryState; readonly now: number } => {
    if (state === undefined) throw fail(coreErrors, "STORE_CLOSED", { store: description });
    return { state, now: clock.now() };
  };

  return {
    description,
    shared: false,
    async commit(commit) {
      const { state: opened, now } = open();
      const answer = commitToMemory(opened, commit, Math.floor(now));
      changes.announce();
      return answer;
    },
    async read(stream, { after = 0, limit } = {}) {
      const events = open().state.streams.get(stream)?.events ?? [];
      return events.slice(after, limit === undefined ? undefined : after + limit);
    },
    async list(query) {
      const size = toPageSize(query.limit);
      return toPage(find(open().state, query).slice(0, size + 1), size);
    },
    leases: memoryLeases(open),
    async claimOf(key) {
      return open().state.claims.get(key);
    },
    watch({ prefix, after, signal }) {
      return followChanges({
        from: Promise.resolve(after ?? state?.log.length ?? 0),
        read: async (from) => {
          const { log } = open().state;
          return {
            changes: log.slice(from).flatMap((change) => (change?.stream.startsWith(prefix) === true ? [change] : [])),
            position: log.length,
          };
        },
        changes,
        signal,
      });
    },
    outbox: memoryOutbox(open),
    timers: {
      async due({ prefix, limit }) {
        const { state: opened, now } = open();
        const due = [...opened.timers].filter(([name, at]) => at <= now && name.startsWith(prefix));
        return due
          .sort(([first, one], [second, other]) => one - other || (first < second ? -1 : 1))
          .slice(0, toPageSize(limit))
          .map(([name, at]) => ({ name, at }));
      },
    },
    async now() {
      return open().now;
    },
    async close() {
      state = undefined;
      changes.announce();
    },
  };
}

/** Streams that a query asks for, in its order, from the one behind `after`. */
function find(state: MemoryState, { prefix, where = {}, order = "newest", after }: ListQuery): StreamSummary[] {
  const conditions = Object.entries(where);
  const direction = order === "newest" ? -1 : 1;
  const compare = (left: string, right: string): number => (left === right ? 0 : left < right ? -direction : direction);
  return [...state.streams]
    .filter(
      ([name, { summary }]) =>
        name.startsWith(prefix) &&
        (after === undefined || compare(name, after) > 0) &&
        conditions.every(([member, value]) => summary[member] === value),
    )
    .sort(([left], [right]) => compare(left, right))
    .map(([name, { events, summary }]) => ({ name, version: events.length, summary }));
}
