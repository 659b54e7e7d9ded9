import { isFairleadError, type StoreChange } from "@fairlead/core";
import { withWatch, type Flaws } from "./flaw.js";

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const end = (): void => {
      resolve(undefined);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

export const watchFlaws: Flaws = {
  "tells watchers nothing": {
    breaks: (store) =>
      withWatch(store, async function* (_, { signal }) {
        const nothing: StoreChange[] = [];
        await aborted(signal);
        yield* nothing;
      }),
    fails: [
      "a watcher is told of every commit, in order",
      "a watcher that waits is woken by a commit",
      "a watcher is told where a stream of several new events ends",
      "a watcher is told of streams with its prefix alone",
      "a watcher begins behind a position",
      "a watcher without a position begins when it is made",
      "a watcher is told of thousands of changes that it was late for",
      "all watchers are told the same",
      "a watcher is told when the store is closed",
      "a watcher is told of what another store on the same data commits",
    ],
  },
  "tells watchers of every stream": {
    breaks: (store) => ({ ...store, watch: (options) => store.watch({ ...options, prefix: "" }) }),
    fails: ["a watcher is told of streams with its prefix alone"],
  },
  "tells watchers of the past unless told": {
    breaks: (store) => ({ ...store, watch: ({ after = 0, ...options }) => store.watch({ ...options, after }) }),
    fails: ["a watcher without a position begins when it is made"],
  },
  "begins to watch when it is first asked": {
    breaks: (store) => ({
      ...store,
      watch: (options) =>
        (async function* () {
          yield* store.watch(options);
        })(),
    }),
    fails: [
      "a watcher is told of every commit, in order",
      "a watcher is told where a stream of several new events ends",
      "a watcher is told of streams with its prefix alone",
      "a watcher without a position begins when it is made",
      "a watcher is told of thousands of changes that it was late for",
    ],
  },
  "begins to watch with the present whatever it is told": {
    breaks: (store) => ({ ...store, watch: ({ after: _, ...options }) => store.watch(options) }),
    fails: ["a watcher begins behind a position"],
  },
  "begins to watch with the position itself": {
    breaks: (store) => ({
      ...store,
      watch: ({ after, ...options }) => store.watch(after === undefined ? options : { ...options, after: after - 1 }),
    }),
    fails: ["a watcher begins behind a position", "a watcher is told of what another store on the same data commits"],
  },
  "tells one watcher alone": {
    breaks: (store) => {
      let watching = 0;
      return withWatch(store, async function* (changes, { signal }) {
        watching += 1;
        if (watching === 1) yield* changes;
        else await aborted(signal);
      });
    },
    fails: ["a watcher begins behind a position", "all watchers are told the same", "a watcher is told when the store is closed"],
  },
  "does not wake who waits": {
    breaks: (store) =>
      withWatch(store, async function* (changes, { signal }) {
        const iterator = changes[Symbol.asyncIterator]();
        for (;;) {
          const pause = new Promise<undefined>((resolve) => setTimeout(resolve, 1, undefined));
          const result = await Promise.race([iterator.next(), pause]);
          if (result === undefined) await aborted(signal);
          if (result?.done !== false) return;
          yield result.value;
        }
      }),
    fails: ["a watcher that waits is woken by a commit", "a watcher is told when the store is closed"],
  },
  "tells of the first event of a stream in a commit alone": {
    breaks: (store) => {
      const later = new Set<string>();
      const told = withWatch(store, async function* (changes) {
        for await (const change of changes) if (!later.has(`${change.stream} ${String(change.version)}`)) yield change;
      });
      return {
        ...told,
        commit: async (commit) => {
          for (const { name, expectedVersion, events } of commit.streams)
            for (let index = 1; index < events.length; index += 1) later.add(`${name} ${String(expectedVersion + index + 1)}`);
          return store.commit(commit);
        },
      };
    },
    fails: [
      "a watcher is told where a stream of several new events ends",
      "a watcher is told of thousands of changes that it was late for",
    ],
  },
  "keeps a thousand changes for who is late": {
    breaks: (store) =>
      withWatch(store, async function* (changes) {
        let told = 0;
        for await (const change of changes) {
          told += 1;
          if (told <= 1_000) yield change;
        }
      }),
    fails: ["a watcher is told of thousands of changes that it was late for"],
  },
  "lets a watch fail when its signal aborts": {
    breaks: (store) =>
      withWatch(store, async function* (changes, { signal }) {
        yield* changes;
        signal.throwIfAborted();
      }),
    fails: ["a watch ends quietly when its signal aborts"],
  },
  "ends a watch quietly when it is closed": {
    breaks: (store) =>
      withWatch(store, async function* (changes) {
        try {
          yield* changes;
        } catch (error) {
          if (!isFairleadError(error, "STORE_CLOSED")) throw error;
        }
      }),
    fails: ["a watcher is told when the store is closed"],
  },
  "tells watchers of its own commits alone": {
    breaks: (store) => {
      const own = new Set<string>();
      const told = withWatch(store, async function* (changes) {
        for await (const change of changes) if (own.has(`${change.stream} ${String(change.version)}`)) yield change;
      });
      return {
        ...told,
        commit: async (commit) => {
          const answer = await store.commit(commit);
          for (const { name, expectedVersion, events } of commit.streams)
            for (const index of events.keys()) own.add(`${name} ${String(expectedVersion + index + 1)}`);
          return answer;
        },
      };
    },
    fails: ["a watcher is told of what another store on the same data commits"],
  },
};
