import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { commitOf, countSuccesses, event, long, refuses, typesOf, write, type StoreFixture } from "./fixture.js";
import { messageAbout } from "./message.js";

/** Appending: versions, positions, and all or nothing. */
export const commitCases = {
  "a commit answers the new version of each stream in order": async ({ store }) => {
    const first = await store.commit({ streams: [write("a", 0, ["one"]), write("b", 0, ["one", "two"])] });
    assert.deepEqual(first.versions, [1, 2]);
    const second = await store.commit({ streams: [write("b", 2, ["three"]), write("a", 1, ["two"])] });
    assert.deepEqual(second.versions, [3, 2]);
  },

  "versions follow each other without a gap": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one", "two"])));
    await store.commit(commitOf(write("b", 0, ["other"])));
    await store.commit(commitOf(write("a", 2, ["three"])));
    await refuses(store.commit(commitOf(write("a", 2, ["lost"]))), "STORE_CONFLICT");
    await store.commit(commitOf(write("a", 3, ["four"])));
    const events = await store.read("a");
    assert.deepEqual(
      events.map(({ version }) => version),
      [1, 2, 3, 4],
    );
    assert.deepEqual(typesOf(events), ["one", "two", "three", "four"]);
  },

  "positions grow over all streams in the order of commits": async ({ store }) => {
    const first = await store.commit({ streams: [write("a", 0, ["a1", "a2"]), write("b", 0, ["b1"])] });
    const second = await store.commit(commitOf(write("a", 2, ["a3"])));
    const third = await store.commit(commitOf(write("b", 1, ["b2"])));
    const events = [...(await store.read("a")), ...(await store.read("b"))];
    const inOrder = events.sort((left, right) => left.position - right.position);
    assert.deepEqual(typesOf(inOrder), ["a1", "a2", "b1", "a3", "b2"]);
    assert.equal(new Set(events.map(({ position }) => position)).size, 5);
    const positionOf = (type: string): number | undefined => events.find((found) => found.type === type)?.position;
    assert.deepEqual([first.position, second.position, third.position], [positionOf("b1"), positionOf("a3"), positionOf("b2")]);
  },

  "a commit with an old version is refused": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one", "two"])));
    await refuses(store.commit(commitOf(write("a", 1, ["late"]))), "STORE_CONFLICT", { stream: "a", expected: 1, actual: 2 });
    assert.deepEqual(typesOf(await store.read("a")), ["one", "two"]);
  },

  "a commit with a version that is still to come is refused": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"])));
    await refuses(store.commit(commitOf(write("a", 2, ["early"]))), "STORE_CONFLICT", { stream: "a", expected: 2, actual: 1 });
    await refuses(store.commit(commitOf(write("b", 1, ["early"]))), "STORE_CONFLICT", { stream: "b", expected: 1, actual: 0 });
    assert.deepEqual(await store.read("b"), []);
  },

  "a stream is made only once": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"])));
    await refuses(store.commit(commitOf(write("a", 0, ["again"]))), "STORE_CONFLICT", { stream: "a", expected: 0, actual: 1 });
  },

  "of a hundred writers of one version one succeeds": async ({ store }) => {
    const attempts = Array.from({ length: 100 }, (_, index) => store.commit(commitOf(write("a", 0, [`writer-${String(index)}`]))));
    assert.equal(await countSuccesses(attempts, "STORE_CONFLICT"), 1);
    assert.equal((await store.read("a")).length, 1);
  },

  "a commit without events holds only while the stream has its version": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"])));
    const held = await store.commit({ streams: [write("a", 1, []), write("b", 0, ["one"])] });
    assert.deepEqual(held.versions, [1, 1]);
    await refuses(store.commit({ streams: [write("a", 0, []), write("b", 1, ["two"])] }), "STORE_CONFLICT", { stream: "a" });
    assert.deepEqual(typesOf(await store.read("b")), ["one"]);
    assert.deepEqual(await store.commit(commitOf(write("nothing", 0, []))), { versions: [0], position: held.position });
  },

  "a commit that is refused for a stream leaves nothing behind": async ({ store }) => {
    await store.commit(commitOf(write("b", 0, ["one"])));
    const answer = await store.leases.acquire({ name: "lease", holder: { name: "worker" }, ttl: long });
    assert.ok(answer.granted);
    const attempt = store.commit({
      streams: [write("a", 0, ["one"], { is: "there" }), write("b", 7, ["two"])],
      claim: { key: "shop/production", owner: "first", action: "take" },
      fence: { lease: "lease", token: answer.lease.token, release: true },
      outbox: [messageAbout("refused")],
    });
    await refuses(attempt, "STORE_CONFLICT", { stream: "b" });
    assert.deepEqual(await store.read("a"), []);
    assert.deepEqual((await store.list({ prefix: "" })).items, [{ name: "b", version: 1, summary: {} }]);
    assert.equal(await store.claimOf("shop/production"), undefined);
    assert.deepEqual(await store.leases.read("lease"), answer.lease);
    assert.deepEqual(await store.outbox.list({ application: "shop" }), []);
  },

  "a commit writes its streams, its claim and its messages together": async ({ store }) => {
    await store.commit({
      streams: [{ name: "a", expectedVersion: 0, events: [event("one")], summary: { is: "there" } }, write("b", 0, ["two"])],
      claim: { key: "shop/production", owner: "first", action: "take" },
      outbox: [messageAbout("one"), messageAbout("two")],
    });
    assert.deepEqual([typesOf(await store.read("a")), typesOf(await store.read("b"))], [["one"], ["two"]]);
    assert.equal(await store.claimOf("shop/production"), "first");
    assert.equal((await store.outbox.list({ application: "shop" })).length, 2);
  },
} satisfies Cases<StoreFixture>;
