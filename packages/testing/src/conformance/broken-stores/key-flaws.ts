import { coreErrors, fail, type OutboxWrite, type Store, type StoreCommit } from "@fairlead/core";
import { changeMessages, everyMessage, withMessages, type Flaws } from "./flaw.js";

/** A store that does not recognise some keys. */
function withKeys(
  store: Store,
  keys: Map<string, string>,
  isUnknown: (message: OutboxWrite, index: number, commit: StoreCommit) => Promise<boolean>,
): Store {
  return withMessages(store, {
    in: async (commit) => {
      const unknown = await Promise.all((commit.outbox ?? []).map((message, index) => isUnknown(message, index, commit)));
      return changeMessages(commit, (message, index) => {
        if (unknown[index] !== true) return message;
        keys.set(message.id, message.dedupeKey);
        return { ...message, dedupeKey: `${message.dedupeKey} of ${message.id}` };
      });
    },
    out: (message) => ({ ...message, dedupeKey: keys.get(message.id) ?? message.dedupeKey }),
  });
}

export const keyFlaws: Flaws = {
  "knows no keys": {
    breaks: (store, { notes }) => withKeys(store, notes, async () => true),
    fails: ["a message with a key that is known is dropped", "two messages of one commit with the same key are one"],
  },
  "knows the keys of what is pending alone": {
    breaks: (store, { notes }) =>
      withKeys(store, notes, async ({ dedupeKey }) => {
        const before = (await everyMessage(store)).find((other) => other.dedupeKey === dedupeKey);
        return before !== undefined && before.state !== "pending";
      }),
    fails: ["a message with a key that is known is dropped"],
  },
  "knows the keys of earlier commits alone": {
    breaks: (store, { notes }) =>
      withKeys(
        store,
        notes,
        async ({ dedupeKey }, index, { outbox = [] }) => outbox.findIndex((other) => other.dedupeKey === dedupeKey) < index,
      ),
    fails: ["two messages of one commit with the same key are one"],
  },
  "refuses a commit with a key that is known": {
    breaks: (store) => ({
      ...store,
      commit: async (commit) => {
        const known = new Set((await everyMessage(store)).map(({ dedupeKey }) => dedupeKey));
        if (commit.outbox?.some(({ dedupeKey }) => known.has(dedupeKey)) === true)
          throw fail(coreErrors, "UNEXPECTED_ERROR", { problem: "known" });
        return store.commit(commit);
      },
    }),
    fails: ["a message with a key that is known is dropped"],
  },
};
