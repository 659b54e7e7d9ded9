import { coreErrors, fail } from "@fairlead/core";
import { withFences, type Flaws } from "./flaw.js";

export const fenceFlaws: Flaws = {
  "asks for no fence": {
    breaks: (store) =>
      withFences(store, async (fence) => {
        const held = await store.leases.read(fence.lease);
        return held?.token === fence.token ? fence : undefined;
      }),
    fails: [
      "a commit with an older token is refused, and nothing is left behind",
      "a commit with a token that was never given is refused",
      "a lease that was ended allows no commit",
      "a commit can end its lease",
      "of several refusals the lost lease comes first, then the held claim",
      "stores on the same data refuse each other",
    ],
  },
  "lets pass who has a newer token than the last": {
    breaks: (store) =>
      withFences(store, async (fence) => {
        const held = await store.leases.read(fence.lease);
        return held !== undefined && fence.token > held.token ? undefined : fence;
      }),
    fails: ["a commit with a token that was never given is refused"],
  },
  "lets pass whose lease was ended": {
    breaks: (store) => withFences(store, async (fence) => ((await store.leases.read(fence.lease)) === undefined ? undefined : fence)),
    fails: [
      "a commit with a token that was never given is refused",
      "a lease that was ended allows no commit",
      "a commit can end its lease",
      "of several refusals the lost lease comes first, then the held claim",
    ],
  },
  "lets nobody pass whose lease has expired": {
    breaks: (store) =>
      withFences(store, async (fence) => {
        const held = await store.leases.read(fence.lease);
        return held !== undefined && held.expiresAt <= (await store.now()) ? { ...fence, token: -1 } : fence;
      }),
    fails: ["a lease that expired unnoticed still allows a commit where nobody took it"],
  },
  "ends no lease with a commit": {
    breaks: (store) => withFences(store, async ({ lease, token }) => ({ lease, token })),
    fails: ["a commit can end its lease"],
  },
  "looks at versions before it looks at claims and leases": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        for (const { name, expectedVersion: expected } of commit.streams) {
          const actual = (await store.read(name)).length;
          if (actual !== expected) throw fail(coreErrors, "STORE_CONFLICT", { stream: name, expected, actual });
        }
        return store.commit(commit);
      },
    }),
    fails: ["of several refusals the lost lease comes first, then the held claim"],
  },
};
