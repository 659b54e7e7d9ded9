import { isFairleadError, type StoreCommit } from "@fairlead/core";
import { versionOf, withCommit, type Flaws } from "./flaw.js";

const withoutRemovals = ({ removals: _removals, ...commit }: StoreCommit): StoreCommit => commit;

export const removalFlaws: Flaws = {
  "removes nothing": {
    breaks: (store) => withCommit(store, withoutRemovals),
    fails: [
      "a stream that is removed is gone, and no other is",
      "a stream that was removed begins anew",
      "a removal of another version is refused, and nothing of its commit is left behind",
      "of many who remove one stream and record it one succeeds",
    ],
  },
  "removes what is not there": {
    breaks: (store) =>
      withCommit(store, ({ removals = [], ...commit }) => ({
        ...commit,
        removals: removals.map((removal) => (removal.expectedVersion === 0 ? { ...removal, expectedVersion: 1 } : removal)),
      })),
    fails: ["the removal of a stream that is not there changes nothing"],
  },
  "removes whatever version there is": {
    breaks: (store) =>
      withCommit(store, async ({ removals = [], ...commit }) => ({
        ...commit,
        removals: await Promise.all(removals.map(async ({ name }) => ({ name, expectedVersion: await versionOf(store, name) }))),
      })),
    fails: ["a removal of another version is refused, and nothing of its commit is left behind"],
  },
  "removes what a refused commit names": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        try {
          return await store.commit(commit);
        } catch (error) {
          const { removals = [] } = commit;
          if (!isFairleadError(error, "STORE_CONFLICT") || removals.some(({ name }) => name === error.data.stream)) throw error;
          await store.commit({ streams: [], removals });
          throw error;
        }
      },
    }),
    fails: ["a commit that is refused removes nothing"],
  },
  "gives the place of a removed event once more": {
    breaks: (store, { notes }) => ({
      ...withCommit(store, async (commit) => {
        for (const { name } of commit.removals ?? []) notes.set("gone", String(await versionOf(store, name)));
        return commit;
      }),
      read: async (stream, options) => {
        const back = Number(notes.get("gone") ?? 0);
        return (await store.read(stream, options)).map((event) => ({ ...event, position: event.position - back }));
      },
    }),
    fails: ["a position is never given twice, also when its event was removed"],
  },
};
