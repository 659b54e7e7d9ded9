import { coreErrors, fail, isFairleadError, type ClaimWrite, type Store } from "@fairlead/core";
import { withCommit, type Flaws } from "./flaw.js";

/** A store that does something else with claims. */
function withClaims(store: Store, change: (claim: ClaimWrite) => ClaimWrite | undefined | Promise<ClaimWrite | undefined>): Store {
  return withCommit(store, async ({ claim, ...commit }) => {
    const changed = claim === undefined ? undefined : await change(claim);
    return changed === undefined ? commit : { ...commit, claim: changed };
  });
}

/** Takes a claim from whoever has it. */
async function evict(store: Store, { key, owner }: ClaimWrite): Promise<void> {
  const other = await store.claimOf(key);
  if (other !== undefined && other !== owner) await store.commit({ streams: [], claim: { key, owner: other, action: "release" } });
}

export const claimFlaws: Flaws = {
  "gives a claim to whoever asks last": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        for (;;) {
          try {
            return await store.commit(commit);
          } catch (error) {
            if (commit.claim === undefined || !isFairleadError(error, "CLAIM_HELD")) throw error;
            await evict(store, commit.claim);
          }
        }
      },
    }),
    fails: [
      "a claim of another is refused, and nothing is left behind",
      "of a hundred who want one claim one gets it",
      "of several refusals the lost lease comes first, then the held claim",
      "stores on the same data refuse each other",
      "of a hundred writers through two stores one succeeds",
    ],
  },
  "gives a claim to nobody": {
    breaks: (store) => withClaims(store, () => undefined),
    fails: [
      "a commit writes its streams, its claim and its messages together",
      "a claim belongs to who took it, until it is released",
      "a claim of another is refused, and nothing is left behind",
      "a claim that was released can be taken by another",
      "taking one's own claim again changes nothing",
      "releasing what one does not have changes nothing",
      "claims of different keys do not touch each other",
      "of a hundred who want one claim one gets it",
      "of several refusals the lost lease comes first, then the held claim",
      "stores on the same data refuse each other",
      "of a hundred writers through two stores one succeeds",
    ],
  },
  "refuses a claim to the one who has it": {
    breaks: (store) =>
      withClaims(store, async (claim) => {
        const owner = await store.claimOf(claim.key);
        if (claim.action === "take" && owner === claim.owner) throw fail(coreErrors, "CLAIM_HELD", { key: claim.key, owner });
        return claim;
      }),
    fails: ["taking one's own claim again changes nothing"],
  },
  "lets anybody release a claim": {
    breaks: (store) =>
      withClaims(store, async (claim) =>
        claim.action === "release" ? { ...claim, owner: (await store.claimOf(claim.key)) ?? claim.owner } : claim,
      ),
    fails: ["releasing what one does not have changes nothing", "claims of different keys do not touch each other"],
  },
  "never releases a claim": {
    breaks: (store) => withClaims(store, (claim) => (claim.action === "release" ? undefined : claim)),
    fails: [
      "a claim belongs to who took it, until it is released",
      "a claim that was released can be taken by another",
      "taking one's own claim again changes nothing",
    ],
  },
  "has one claim for an application": {
    breaks: (store) => {
      const applicationOf = (key: string): string => key.split("/")[0] ?? "";
      return {
        ...withClaims(store, (claim) => ({ ...claim, key: applicationOf(claim.key) })),
        claimOf: (key) => store.claimOf(applicationOf(key)),
      };
    },
    fails: [
      "a claim belongs to who took it, until it is released",
      "a claim of another is refused, and nothing is left behind",
      "claims of different keys do not touch each other",
    ],
  },
  "looks who has a claim before it commits": {
    breaks: (store) =>
      withClaims(store, async (claim) => {
        const owner = await store.claimOf(claim.key);
        if (claim.action === "take" && (owner === undefined || owner === claim.owner)) {
          await new Promise(setImmediate);
          await evict(store, claim);
        }
        return claim;
      }),
    fails: ["of a hundred who want one claim one gets it", "of a hundred writers through two stores one succeeds"],
  },
};
