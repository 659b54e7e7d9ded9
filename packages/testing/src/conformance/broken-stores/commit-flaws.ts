import { isFairleadError, type JsonObject, type Store, type StoreCommit } from "@fairlead/core";
import { listAll, versionOf, withCommit, type Flaws } from "./flaw.js";

/** Commits with the versions that the streams happen to have. */
async function commitWithoutComparing(store: Store, commit: StoreCommit, isForgiven: (expected: number, actual: number) => boolean) {
  for (;;) {
    const streams = await Promise.all(
      commit.streams.map(async (write) => {
        const actual = await versionOf(store, write.name);
        return isForgiven(write.expectedVersion, actual) ? { ...write, expectedVersion: actual } : write;
      }),
    );
    try {
      return await store.commit({ ...commit, streams });
    } catch (error) {
      if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
      const isWritten = commit.streams.some(({ name }) => name === error.data.stream);
      if (!isWritten || !isForgiven(error.data.expected, error.data.actual)) throw error;
    }
  }
}

export const commitFlaws: Flaws = {
  "compares no versions": {
    breaks: (store) => ({ ...store, commit: (commit) => commitWithoutComparing(store, commit, () => true) }),
    fails: [
      "a commit that is refused sets no timer",
      "who writes on to a stream that was removed is refused",
      "a commit that is refused removes nothing",
      "versions follow each other without a gap",
      "a commit with an old version is refused",
      "a commit with a version that is still to come is refused",
      "a stream is made only once",
      "of a hundred writers of one version one succeeds",
      "a commit without events holds only while the stream has its version",
      "a commit that is refused for a stream leaves nothing behind",
      "of several refusals the lost lease comes first, then the held claim",
      "stores on the same data refuse each other",
    ],
  },
  "accepts a version that is still to come": {
    breaks: (store) => ({ ...store, commit: (commit) => commitWithoutComparing(store, commit, (expected, actual) => expected > actual) }),
    fails: [
      "a commit with a version that is still to come is refused",
      "a commit that is refused for a stream leaves nothing behind",
      "who writes on to a stream that was removed is refused",
    ],
  },
  "compares before it commits": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        for (const { name, expectedVersion } of commit.streams) {
          if ((await versionOf(store, name)) !== expectedVersion) return store.commit(commit);
        }
        return commitWithoutComparing(store, commit, () => true);
      },
    }),
    fails: ["of a hundred writers of one version one succeeds"],
  },
  "takes no notice of streams without events": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        const streams = commit.streams.filter(({ events, summary }) => events.length > 0 || summary !== undefined);
        const { versions, position } = await store.commit({ ...commit, streams });
        const written = [...versions];
        return {
          versions: commit.streams.map((write) => (streams.includes(write) ? (written.shift() ?? 0) : write.expectedVersion)),
          position,
        };
      },
    }),
    fails: ["a commit without events holds only while the stream has its version"],
  },
  "writes one stream after the other": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        let answer = await store.commit({ ...commit, streams: [] });
        const versions: number[] = [];
        for (const write of commit.streams) {
          answer = await store.commit({ streams: [write] });
          versions.push(...answer.versions);
        }
        return { versions, position: answer.position };
      },
    }),
    fails: [
      "a commit that is refused sets no timer",
      "a commit that is refused for a stream leaves nothing behind",
      "a commit that is refused removes nothing",
    ],
  },
  "queues the messages of what it refuses": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        try {
          return await store.commit(commit);
        } catch (error) {
          if (commit.outbox !== undefined) await store.commit({ streams: [], outbox: commit.outbox });
          throw error;
        }
      },
    }),
    fails: [
      "a commit that is refused for a stream leaves nothing behind",
      "a claim of another is refused, and nothing is left behind",
      "a commit with an older token is refused, and nothing is left behind",
    ],
  },
  "ends the lease of what it refuses": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        try {
          return await store.commit(commit);
        } catch (error) {
          if (commit.fence?.release === true)
            await store.leases.release({ ...commit.fence, name: commit.fence.lease, holder: {}, expiresAt: 0 });
          throw error;
        }
      },
    }),
    fails: ["a commit that is refused for a stream leaves nothing behind"],
  },
  "forgets the messages of a commit with a claim": {
    breaks: (store) =>
      withCommit(store, ({ outbox, ...commit }) => (commit.claim === undefined && outbox !== undefined ? { ...commit, outbox } : commit)),
    fails: ["a commit writes its streams, its claim and its messages together", "stores on the same data refuse each other"],
  },
  "answers the versions in the order of names": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        const { versions, position } = await store.commit(commit);
        const byName = commit.streams.map(({ name }, index) => ({ name, version: versions[index] ?? 0 }));
        return { versions: byName.sort((left, right) => left.name.localeCompare(right.name)).map(({ version }) => version), position };
      },
    }),
    fails: ["a commit answers the new version of each stream in order"],
  },
  "answers the position behind the last event": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        const answer = await store.commit(commit);
        return { ...answer, position: answer.position + 1 };
      },
    }),
    fails: [
      "positions grow over all streams in the order of commits",
      "a watcher is told of every commit, in order",
      "a watcher that waits is woken by a commit",
      "a watcher is told where a stream of several new events ends",
      "a watcher is told of streams with its prefix alone",
      "a watcher begins behind a position",
      "a watcher without a position begins when it is made",
      "a watcher is told of thousands of changes that it was late for",
      "all watchers are told the same",
      "a watcher is told of what another store on the same data commits",
    ],
  },
  "leaves gaps between versions": {
    breaks: (store) => ({
      ...store,
      read: async (stream, options) =>
        (await store.read(stream, options)).map((event) => ({ ...event, version: event.version < 3 ? event.version : event.version + 1 })),
    }),
    fails: ["versions follow each other without a gap"],
  },
  "counts positions within a stream": {
    breaks: (store) => ({
      ...store,
      read: async (stream, options) => (await store.read(stream, options)).map((event) => ({ ...event, position: event.version })),
    }),
    fails: ["positions grow over all streams in the order of commits", "a position is never given twice, also when its event was removed"],
  },
  "adds a summary to the one before": {
    breaks: (store) =>
      withCommit(store, async (commit) => {
        const before = new Map((await listAll(store)).map(({ name, summary }) => [name, summary]));
        const merge = (name: string, summary: JsonObject): JsonObject => ({ ...before.get(name), ...summary });
        return {
          ...commit,
          streams: commit.streams.map((write) =>
            write.summary === undefined ? write : { ...write, summary: merge(write.name, write.summary) },
          ),
        };
      }),
    fails: ["a summary stays until another replaces it whole"],
  },
  "forgets a summary with the next commit": {
    breaks: (store) =>
      withCommit(store, (commit) => ({ ...commit, streams: commit.streams.map((write) => ({ ...write, summary: write.summary ?? {} })) })),
    fails: ["a summary stays until another replaces it whole"],
  },
};
