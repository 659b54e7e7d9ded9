import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { brief, commitOf, long, pass, refuses, typesOf, write, type StoreFixture } from "./fixture.js";
import { acquire } from "./lease-cases.js";
import { messageAbout } from "./message.js";

const name = "deployment/1";

/** Fences: a commit proves that its writer still has its lease. */
export const fenceCases = {
  "a commit with the last token is accepted": async ({ store }) => {
    const lease = await acquire(store, "first");
    await store.commit(commitOf(write("a", 0, ["one"]), { fence: { lease: name, token: lease.token } }));
    const renewed = await store.leases.renew(lease, long);
    await store.commit(commitOf(write("a", 1, ["two"]), { fence: { lease: name, token: renewed.token } }));
    assert.deepEqual(typesOf(await store.read("a")), ["one", "two"]);
    assert.deepEqual(await store.leases.read(name), renewed);
  },

  "a lease that expired unnoticed still allows a commit where nobody took it": async (fixture) => {
    const { store } = fixture;
    const lease = await acquire(store, "first", { ttl: brief });
    await pass(fixture, brief);
    await store.commit(commitOf(write("a", 0, ["one"]), { fence: { lease: name, token: lease.token } }));
    assert.deepEqual(typesOf(await store.read("a")), ["one"]);
  },

  "a commit with an older token is refused, and nothing is left behind": async ({ store }) => {
    const lease = await acquire(store, "first");
    const next = await acquire(store, "second", { takeOver: lease.token });
    const attempt = store.commit(
      commitOf(write("a", 0, ["late"]), {
        fence: { lease: name, token: lease.token, release: true },
        claim: { key: "shop/production", owner: "first", action: "take" },
        outbox: [messageAbout("refused")],
      }),
    );
    await refuses(attempt, "LEASE_LOST", { lease: name, token: lease.token });
    assert.deepEqual(await store.read("a"), []);
    assert.equal(await store.claimOf("shop/production"), undefined);
    assert.deepEqual(await store.outbox.list({ application: "shop" }), []);
    assert.deepEqual(await store.leases.read(name), next);
  },

  "a commit with a token that was never given is refused": async ({ store }) => {
    const lease = await acquire(store, "first");
    await refuses(store.commit(commitOf(write("a", 0, ["early"]), { fence: { lease: name, token: lease.token + 1 } })), "LEASE_LOST");
    await refuses(store.commit(commitOf(write("a", 0, ["other"]), { fence: { lease: "deployment/2", token: lease.token } })), "LEASE_LOST");
    assert.deepEqual(await store.read("a"), []);
  },

  "a lease that was ended allows no commit": async ({ store }) => {
    const lease = await acquire(store, "first");
    await store.leases.release(lease);
    await refuses(store.commit(commitOf(write("a", 0, ["late"]), { fence: { lease: name, token: lease.token } })), "LEASE_LOST");
    assert.deepEqual(await store.read("a"), []);
  },

  "a commit can end its lease": async ({ store }) => {
    const lease = await acquire(store, "first");
    await store.commit(commitOf(write("a", 0, ["last"]), { fence: { lease: name, token: lease.token, release: true } }));
    assert.deepEqual(typesOf(await store.read("a")), ["last"]);
    assert.equal(await store.leases.read(name), undefined);
    await refuses(store.commit(commitOf(write("a", 1, ["later"]), { fence: { lease: name, token: lease.token } })), "LEASE_LOST");
    const next = await acquire(store, "second");
    assert.ok(next.token > lease.token);
  },

  "of several refusals the lost lease comes first, then the held claim": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"]), { claim: { key: "shop/production", owner: "first", action: "take" } }));
    const late = write("a", 0, ["late"]);
    const claim = { key: "shop/production", owner: "second", action: "take" } as const;
    await refuses(store.commit(commitOf(late, { claim, fence: { lease: name, token: 1 } })), "LEASE_LOST");
    await refuses(store.commit(commitOf(late, { claim })), "CLAIM_HELD");
    await refuses(store.commit(commitOf(late)), "STORE_CONFLICT");
  },
} satisfies Cases<StoreFixture>;
