import { coreErrors, fail, memoryStore, type Lease } from "@fairlead/core";
import { withLeases, type Flaws } from "./flaw.js";

export const lifeFlaws: Flaws = {
  "is empty when it is opened again": {
    breaks: (store, { opened }) => (opened === 1 ? store : memoryStore()),
    fails: [
      "a watcher is told of what another store on the same data commits",
      "everything is there after opening again",
      "tokens and positions go on growing after opening again",
      "stores on the same data refuse each other",
      "of a hundred writers through two stores one succeeds",
    ],
  },
  "counts tokens anew when it is opened again": {
    breaks: (store, { opened }) => {
      if (opened === 1) return store;
      const { leases } = store;
      const shifted = (lease: Lease, by: number): Lease => ({ ...lease, token: lease.token + by });
      return withLeases(store, {
        acquire: async (request) => {
          const answer = await leases.acquire(request);
          return answer.granted ? { granted: true, lease: shifted(answer.lease, -1_000) } : answer;
        },
        release: (lease) => leases.release(shifted(lease, 1_000)),
      });
    },
    fails: ["tokens and positions go on growing after opening again", "stores on the same data refuse each other"],
  },
  "counts positions anew when it is opened again": {
    breaks: (store, { opened }) => ({
      ...store,
      commit: async (commit) => {
        const answer = await store.commit(commit);
        return opened === 1 ? answer : { ...answer, position: answer.position - 1_000 };
      },
    }),
    fails: ["a watcher is told of what another store on the same data commits", "tokens and positions go on growing after opening again"],
  },
  "cannot be closed twice": {
    breaks: (store) => {
      let isClosed = false;
      return {
        ...store,
        close: async () => {
          if (isClosed) throw fail(coreErrors, "STORE_CLOSED", { store: store.description });
          isClosed = true;
          await store.close();
        },
      };
    },
    fails: ["closing twice is closing once"],
  },
  "goes on reading when it is closed": {
    breaks: (store) => ({ ...store, read: (stream, options) => store.read(stream, options).catch(() => []) }),
    fails: ["a store that was never used can be closed", "a closed store refuses everything"],
  },
};
