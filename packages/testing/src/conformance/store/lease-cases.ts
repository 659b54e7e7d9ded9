import assert from "node:assert/strict";
import type { Lease, LeaseRequest, Store } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { brief, long, pass, refuses, type StoreFixture } from "./fixture.js";

const name = "deployment/1";

function ask(store: Store, who: string, request: Partial<LeaseRequest> = {}): ReturnType<Store["leases"]["acquire"]> {
  return store.leases.acquire({ name, holder: { name: who, pid: 7 }, ttl: long, ...request });
}

/** Asks for a lease that must be granted. */
export async function acquire(store: Store, who: string, request: Partial<LeaseRequest> = {}): Promise<Lease> {
  const answer = await ask(store, who, request);
  assert.ok(answer.granted, `${who} was not granted the lease`);
  return answer.lease;
}

/** Leases: what a process has, for a time. */
export const leaseCases = {
  "a lease is granted to one at a time, and who asks is told who has it": async ({ store }) => {
    const before = await store.now();
    const lease = await acquire(store, "first", { ttl: long });
    const after = await store.now();
    assert.deepEqual([lease.name, lease.holder], [name, { name: "first", pid: 7 }]);
    assert.ok(lease.expiresAt >= before + long && lease.expiresAt <= after + long + 1, "it ends after its length, on the store's clock");
    assert.deepEqual(await ask(store, "second"), { granted: false, held: lease });
    assert.deepEqual(await ask(store, "first"), { granted: false, held: lease });
    assert.deepEqual(await store.leases.read(name), lease);
  },

  "leases of different names do not touch each other": async ({ store }) => {
    const lease = await acquire(store, "first");
    const other = await acquire(store, "second", { name: "deployment/2" });
    await store.leases.release(other);
    assert.deepEqual(await store.leases.read(name), lease);
    assert.equal(await store.leases.read("deployment/2"), undefined);
    assert.equal(await store.leases.read("deployment/3"), undefined);
  },

  "a lease that expired is granted to the next": async (fixture) => {
    const { store } = fixture;
    await acquire(store, "first", { ttl: brief });
    await pass(fixture, brief);
    const lease = await acquire(store, "second");
    assert.deepEqual([(await store.leases.read(name))?.holder, lease.holder], [lease.holder, { name: "second", pid: 7 }]);
  },

  "a renewed lease lives on": async (fixture) => {
    const { store } = fixture;
    const lease = await acquire(store, "first", { ttl: brief });
    const renewed = await store.leases.renew(lease, long);
    assert.deepEqual({ ...renewed, expiresAt: 0 }, { ...lease, expiresAt: 0 });
    assert.ok(renewed.expiresAt > lease.expiresAt + brief);
    await pass(fixture, brief);
    assert.deepEqual(await ask(store, "second"), { granted: false, held: renewed });
  },

  "a lease that expired unnoticed is renewed where nobody took it": async (fixture) => {
    const { store } = fixture;
    const lease = await acquire(store, "first", { ttl: brief });
    await pass(fixture, brief);
    assert.deepEqual(await store.leases.read(name), lease);
    const renewed = await store.leases.renew(lease, long);
    assert.equal(renewed.token, lease.token);
    assert.deepEqual(await ask(store, "second"), { granted: false, held: renewed });
  },

  "a lease that has passed on cannot be renewed": async (fixture) => {
    const { store } = fixture;
    const lease = await acquire(store, "first", { ttl: brief });
    await pass(fixture, brief);
    const next = await acquire(store, "second");
    await refuses(store.leases.renew(lease, long), "LEASE_LOST", { lease: name, token: lease.token });
    assert.deepEqual(await store.leases.read(name), next);
  },

  "a lease that was ended cannot be renewed": async ({ store }) => {
    const lease = await acquire(store, "first");
    await store.leases.release(lease);
    await refuses(store.leases.renew(lease, long), "LEASE_LOST", { lease: name, token: lease.token });
    assert.equal(await store.leases.read(name), undefined);
  },

  "a lease that was ended is free at once": async ({ store }) => {
    const lease = await acquire(store, "first");
    await store.leases.release(lease);
    await store.leases.release(lease);
    await acquire(store, "second");
  },

  "ending what has passed on changes nothing": async (fixture) => {
    const { store } = fixture;
    const lease = await acquire(store, "first", { ttl: brief });
    await pass(fixture, brief);
    const next = await acquire(store, "second");
    await store.leases.release(lease);
    assert.deepEqual(await store.leases.read(name), next);
  },

  "a lease is taken over by its token, before it expires": async ({ store }) => {
    const lease = await acquire(store, "first");
    const next = await acquire(store, "second", { takeOver: lease.token });
    assert.deepEqual(await store.leases.read(name), next);
    await refuses(store.leases.renew(lease, long), "LEASE_LOST");
  },

  "a lease is not taken over by another token": async ({ store }) => {
    const lease = await acquire(store, "first");
    const next = await acquire(store, "second", { takeOver: lease.token });
    assert.deepEqual(await ask(store, "third", { takeOver: lease.token }), { granted: false, held: next });
    assert.deepEqual(await ask(store, "third", { takeOver: next.token + 1 }), { granted: false, held: next });
  },

  "a lease that nobody has is granted, whatever token is named": async ({ store }) => {
    const lease = await acquire(store, "first", { takeOver: 41 });
    await store.leases.release(lease);
    await acquire(store, "second", { takeOver: lease.token });
  },

  "tokens grow with every holder": async (fixture) => {
    const { store } = fixture;
    const first = await acquire(store, "first", { ttl: brief });
    const renewed = await store.leases.renew(first, brief);
    assert.equal(renewed.token, first.token);
    await pass(fixture, brief);
    const expired = await acquire(store, "second");
    const takenOver = await acquire(store, "third", { takeOver: expired.token });
    await store.leases.release(takenOver);
    const released = await acquire(store, "first");
    const tokens = [first, expired, takenOver, released].map(({ token }) => token);
    assert.deepEqual(
      tokens,
      [...new Set(tokens)].sort((left, right) => left - right),
    );
  },

  "of a hundred who want one lease one gets it": async ({ store }) => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(store, `worker-${String(index)}`)));
    const granted = answers.flatMap((answer) => (answer.granted ? [answer.lease] : []));
    assert.equal(granted.length, 1);
    assert.deepEqual([await store.leases.read(name)], granted);
  },

  "time is the store's own, and goes on": async (fixture) => {
    const { store } = fixture;
    const before = await store.now();
    await pass(fixture, brief);
    const after = await store.now();
    assert.ok(after >= before + brief, `${String(after)} is not ${String(brief)} ms behind ${String(before)}`);
  },
} satisfies Cases<StoreFixture>;
