import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { commitOf, countSuccesses, long, refuses, typesOf, write, type StoreFixture } from "./fixture.js";

/** Streams that are removed, and what stays. */
export const removalCases = {
  "a stream that is removed is gone, and no other is": async ({ store }) => {
    await store.commit({ streams: [write("a", 0, ["a1", "a2"], { is: "old" }), write("aa", 0, ["aa1"], { is: "old" })] });
    const answer = await store.commit({ streams: [write("b", 0, ["b1"])], removals: [{ name: "a", expectedVersion: 2 }] });
    assert.deepEqual(answer.versions, [1]);
    assert.deepEqual(await store.read("a"), []);
    const { items } = await store.list({ prefix: "", order: "oldest" });
    assert.deepEqual(
      items.map(({ name }) => name),
      ["aa", "b"],
    );
    assert.deepEqual(
      (await store.list({ prefix: "", where: { is: "old" } })).items.map(({ name }) => name),
      ["aa"],
    );
    assert.deepEqual(typesOf(await store.read("aa")), ["aa1"]);
  },

  "a stream that was removed begins anew": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["old", "older"], { is: "old" })));
    await store.commit({ streams: [], removals: [{ name: "a", expectedVersion: 2 }] });
    await refuses(store.commit(commitOf(write("a", 2, ["late"]))), "STORE_CONFLICT", { stream: "a", expected: 2, actual: 0 });
    await store.commit(commitOf(write("a", 0, ["new"])));
    assert.deepEqual((await store.list({ prefix: "a" })).items, [{ name: "a", version: 1, summary: {} }]);
    assert.deepEqual(typesOf(await store.read("a")), ["new"]);
  },

  "a position is never given twice, also when its event was removed": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["a1"])));
    const { position } = await store.commit(commitOf(write("b", 0, ["b1", "b2"])));
    await store.commit({ streams: [], removals: [{ name: "b", expectedVersion: 2 }] });
    await store.commit(commitOf(write("c", 0, ["c1"])));
    const [next] = await store.read("c");
    assert.ok((next?.position ?? 0) > position, `${String(next?.position)} is not behind ${String(position)}`);
  },

  "a removal of another version is refused, and nothing of its commit is left behind": async ({ store }) => {
    await store.commit({ streams: [write("a", 0, ["a1", "a2"]), write("b", 0, ["b1"])] });
    const removals = [
      { name: "b", expectedVersion: 1 },
      { name: "a", expectedVersion: 1 },
    ];
    const attempt = store.commit({ streams: [write("c", 0, ["c1"])], removals, timers: [{ name: "deployment/shop/a", at: 1 }] });
    await refuses(attempt, "STORE_CONFLICT", { stream: "a", expected: 1, actual: 2 });
    await refuses(store.commit({ streams: [], removals: [{ name: "nothing", expectedVersion: 1 }] }), "STORE_CONFLICT", {
      stream: "nothing",
      actual: 0,
    });
    assert.deepEqual(
      (await store.list({ prefix: "", order: "oldest" })).items.map(({ name, version }) => [name, version]),
      [
        ["a", 2],
        ["b", 1],
      ],
    );
    assert.deepEqual(await store.timers.due({ prefix: "", limit: 1 }), []);
  },

  "a commit that is refused removes nothing": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["a1"])));
    const removals = [{ name: "a", expectedVersion: 1 }];
    await refuses(store.commit({ streams: [write("b", 3, ["b1"])], removals }), "STORE_CONFLICT", { stream: "b" });
    const answer = await store.leases.acquire({ name: "lease", holder: { name: "worker" }, ttl: long });
    assert.ok(answer.granted);
    await refuses(store.commit({ streams: [], removals, fence: { lease: "lease", token: answer.lease.token + 1 } }), "LEASE_LOST");
    assert.deepEqual(typesOf(await store.read("a")), ["a1"]);
  },

  "of many who remove one stream and record it one succeeds": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["a1"])));
    const attempts = Array.from({ length: 20 }, (_, index) =>
      store.commit({ streams: [write(`note-${String(index)}`, 0, ["removed"])], removals: [{ name: "a", expectedVersion: 1 }] }),
    );
    assert.equal(await countSuccesses(attempts, "STORE_CONFLICT"), 1);
    assert.equal((await store.list({ prefix: "note-" })).items.length, 1);
  },

  "the removal of a stream that is not there changes nothing": async ({ store }) => {
    const { position } = await store.commit(commitOf(write("a", 0, ["a1"])));
    const removals = [{ name: "nothing", expectedVersion: 0 }];
    assert.deepEqual(await store.commit({ streams: [], removals }), { versions: [], position });
    assert.deepEqual(typesOf(await store.read("a")), ["a1"]);
  },
} satisfies Cases<StoreFixture>;
