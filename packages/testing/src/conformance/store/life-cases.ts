import assert from "node:assert/strict";
import type { Store } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { commitOf, countSuccesses, long, openAnother, refuses, typesOf, write, type StoreFixture } from "./fixture.js";
import { acquire } from "./lease-cases.js";
import { messageAbout, queue, subjectsOf, take } from "./message.js";

const error = { code: "SLACK_CHANNEL_ARCHIVED" };

async function contentOf(store: Store): Promise<unknown> {
  return {
    streams: await store.list({ prefix: "" }),
    events: [await store.read("a/1"), await store.read("a/2")],
    claim: await store.claimOf("shop/production"),
    lease: await store.leases.read("deployment/1"),
    outbox: await store.outbox.list({ application: "shop" }),
  };
}

/** Opening again, together with others, and closing. */
export const lifeCases = {
  "everything is there after opening again": async (fixture) => {
    const { store } = fixture;
    const claim = { key: "shop/production", owner: "a/1", action: "take" } as const;
    await store.commit({ streams: [write("a/1", 0, ["one", "two"], { phase: "running" }), write("a/2", 0, ["one"])], claim });
    await acquire(store, "first");
    await queue(store, messageAbout("pending"), messageAbout("delivered"), messageAbout("dead"));
    await take(store);
    await store.outbox.settle("msg_delivered", "worker", { state: "delivered", reference: "7" });
    await store.outbox.settle("msg_dead", "worker", { state: "dead", error });
    const content = await contentOf(store);
    await store.close();

    const again = await openAnother(fixture);
    assert.deepEqual(await contentOf(again), content);
    assert.deepEqual(await take(again), [], "what is being delivered still is");
    assert.deepEqual((await again.commit(commitOf(write("a/1", 2, ["three"])))).versions, [3]);
    await again.close();
  },

  "tokens and positions go on growing after opening again": async (fixture) => {
    const { store } = fixture;
    const lease = await acquire(store, "first");
    await store.leases.release(lease);
    const { position } = await store.commit(commitOf(write("a/1", 0, ["one"])));
    await store.close();
    const again = await openAnother(fixture);
    assert.ok((await acquire(again, "second")).token > lease.token);
    assert.ok((await again.commit(commitOf(write("a/2", 0, ["one"])))).position > position);
    await again.close();
  },

  "stores on the same data refuse each other": async (fixture) => {
    const { store } = fixture;
    const other = await openAnother(fixture);
    const lease = await acquire(store, "first");
    assert.equal((await other.leases.acquire({ name: "deployment/1", holder: { name: "second" }, ttl: long })).granted, false);
    const claim = { key: "shop/production", owner: "first", action: "take" } as const;
    await store.commit(commitOf(write("a/1", 0, ["one"]), { claim, outbox: [messageAbout("one")] }));

    await refuses(other.commit(commitOf(write("a/1", 0, ["late"]))), "STORE_CONFLICT");
    await refuses(other.commit(commitOf(write("a/2", 0, ["late"]), { claim: { ...claim, owner: "second" } })), "CLAIM_HELD");
    assert.deepEqual(subjectsOf(await take(other, { holder: "second" })), ["one"]);
    assert.deepEqual(subjectsOf(await take(store, { holder: "first" })), []);
    const next = await acquire(other, "second", { takeOver: lease.token });
    await refuses(
      store.commit(commitOf(write("a/1", 1, ["late"]), { fence: { lease: "deployment/1", token: lease.token } })),
      "LEASE_LOST",
    );
    await other.commit(commitOf(write("a/1", 1, ["two"]), { fence: { lease: "deployment/1", token: next.token } }));
    assert.deepEqual(typesOf(await store.read("a/1")), ["one", "two"]);
    await other.close();
  },

  "of a hundred writers through two stores one succeeds": async (fixture) => {
    const stores = [fixture.store, await openAnother(fixture)];
    const attempts = Array.from({ length: 50 }, (_, index) =>
      stores.map((store, which) => {
        const owner = `deployment-${String(which)}-${String(index)}`;
        return store.commit(commitOf(write(owner, 0, ["take"]), { claim: { key: "shop/production", owner, action: "take" } }));
      }),
    );
    assert.equal(await countSuccesses(attempts.flat(), "CLAIM_HELD"), 1);
    await stores[1]?.close();
  },

  "closing twice is closing once": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"])));
    await Promise.all([store.close(), store.close()]);
    await store.close();
  },

  "a store that was never used can be closed": async ({ store }) => {
    await store.close();
    await refuses(store.read("a"), "STORE_CLOSED");
  },

  "a closed store refuses everything": async ({ store }) => {
    await queue(store, messageAbout("one"));
    const lease = await acquire(store, "first");
    await store.close();
    await refuses(store.commit(commitOf(write("a", 0, ["one"]))), "STORE_CLOSED");
    await refuses(store.read("a"), "STORE_CLOSED");
    await refuses(store.list({ prefix: "" }), "STORE_CLOSED");
    await refuses(store.claimOf("shop/production"), "STORE_CLOSED");
    await refuses(store.now(), "STORE_CLOSED");
    await refuses(store.leases.acquire({ name: "deployment/2", holder: {}, ttl: long }), "STORE_CLOSED");
    await refuses(store.leases.renew(lease, long), "STORE_CLOSED");
    await refuses(store.leases.release(lease), "STORE_CLOSED");
    await refuses(store.leases.read("deployment/1"), "STORE_CLOSED");
    await refuses(take(store), "STORE_CLOSED");
    await refuses(store.outbox.settle("msg_one", "worker", { state: "delivered" }), "STORE_CLOSED");
    await refuses(store.outbox.list({ application: "shop" }), "STORE_CLOSED");
    await refuses(store.outbox.revive(["msg_one"]), "STORE_CLOSED");
  },
} satisfies Cases<StoreFixture>;
