import assert from "node:assert/strict";
import type { ClaimWrite, Store } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { commitOf, countSuccesses, refuses, typesOf, write, type StoreFixture } from "./fixture.js";
import { messageAbout } from "./message.js";

const key = "shop/production";

/** Commits an event of a stream that is the owner's, with a claim. */
function change(store: Store, action: ClaimWrite["action"], owner: string, expectedVersion = 0): Promise<unknown> {
  return store.commit(commitOf(write(owner, expectedVersion, [action]), { claim: { key, owner, action } }));
}

/** Claims: what a deployment has, whoever drives it. */
export const claimCases = {
  "a claim belongs to who took it, until it is released": async ({ store }) => {
    assert.equal(await store.claimOf(key), undefined);
    await change(store, "take", "first");
    assert.equal(await store.claimOf(key), "first");
    assert.equal(await store.claimOf("shop/staging"), undefined);
    await change(store, "release", "first", 1);
    assert.equal(await store.claimOf(key), undefined);
  },

  "a claim of another is refused, and nothing is left behind": async ({ store }) => {
    await change(store, "take", "first");
    const attempt = store.commit(
      commitOf(write("second", 0, ["take"]), { claim: { key, owner: "second", action: "take" }, outbox: [messageAbout("refused")] }),
    );
    await refuses(attempt, "CLAIM_HELD", { key, owner: "first" });
    assert.equal(await store.claimOf(key), "first");
    assert.deepEqual(await store.read("second"), []);
    assert.deepEqual(await store.outbox.list({ application: "shop" }), []);
  },

  "a claim that was released can be taken by another": async ({ store }) => {
    await change(store, "take", "first");
    await change(store, "release", "first", 1);
    await change(store, "take", "second");
    assert.equal(await store.claimOf(key), "second");
  },

  "taking one's own claim again changes nothing": async ({ store }) => {
    await change(store, "take", "first");
    await change(store, "take", "first", 1);
    assert.equal(await store.claimOf(key), "first");
    assert.deepEqual(typesOf(await store.read("first")), ["take", "take"]);
    await change(store, "release", "first", 2);
    assert.equal(await store.claimOf(key), undefined);
  },

  "releasing what one does not have changes nothing": async ({ store }) => {
    await change(store, "release", "second");
    assert.equal(await store.claimOf(key), undefined);
    await change(store, "take", "first");
    await change(store, "release", "second", 1);
    assert.equal(await store.claimOf(key), "first");
    assert.deepEqual(typesOf(await store.read("second")), ["release", "release"]);
  },

  "claims of different keys do not touch each other": async ({ store }) => {
    await change(store, "take", "first");
    await store.commit(commitOf(write("second", 0, ["take"]), { claim: { key: "shop/staging", owner: "second", action: "take" } }));
    await store.commit(commitOf(write("first", 1, ["release"]), { claim: { key: "shop/staging", owner: "first", action: "release" } }));
    assert.deepEqual([await store.claimOf(key), await store.claimOf("shop/staging")], ["first", "second"]);
  },

  "of a hundred who want one claim one gets it": async ({ store }) => {
    const owners = Array.from({ length: 100 }, (_, index) => `deployment-${String(index)}`);
    assert.equal(
      await countSuccesses(
        owners.map((owner) => change(store, "take", owner)),
        "CLAIM_HELD",
      ),
      1,
    );
    const { items } = await store.list({ prefix: "deployment-", limit: 1_000 });
    assert.deepEqual(
      items.map(({ name }) => name),
      [await store.claimOf(key)],
    );
  },
} satisfies Cases<StoreFixture>;
