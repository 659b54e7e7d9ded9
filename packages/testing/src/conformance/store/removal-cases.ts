import assert from "node:assert/strict";
import type { Store } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { commitOf, countSuccesses, refuses, typesOf, write, type StoreFixture } from "./fixture.js";

/** What is there of a stream. */
async function eventsOf(store: Store, name: string): Promise<string[]> {
  return typesOf(await store.read(name));
}

/** Streams that are removed, and what stays. */
export const removalCases = {
  "a stream that is removed is gone, and no other is": async ({ store }) => {
    await store.commit({ streams: [write("a", 0, ["a1", "a2"]), write("aa", 0, ["aa1"])] });
    await store.commit({ streams: [write("b", 0, ["b1"])], removals: [{ name: "a", expectedVersion: 2 }] });
    assert.deepEqual([await eventsOf(store, "a"), await eventsOf(store, "aa"), await eventsOf(store, "b")], [[], ["aa1"], ["b1"]]);
    const { items } = await store.list({ prefix: "a" });
    assert.ok(!items.some(({ name }) => name === "a"), "it is still listed");
  },

  "a stream that was removed begins anew": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["old", "older"])));
    await store.commit({ streams: [], removals: [{ name: "a", expectedVersion: 2 }] });
    await store.commit(commitOf(write("a", 0, ["new"])));
    assert.deepEqual(await eventsOf(store, "a"), ["new"]);
  },

  "who writes on to a stream that was removed is refused": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one", "two"])));
    await store.commit({ streams: [], removals: [{ name: "a", expectedVersion: 2 }] });
    await refuses(store.commit(commitOf(write("a", 2, ["late"]))), "STORE_CONFLICT", { stream: "a", expected: 2, actual: 0 });
  },

  "a position is never given twice, also when its event was removed": async ({ store }) => {
    await store.commit({ streams: [write("a", 0, ["a1"]), write("b", 0, ["b1", "b2"])] });
    const last = (await store.read("b")).at(-1)?.position ?? 0;
    await store.commit({ streams: [], removals: [{ name: "b", expectedVersion: 2 }] });
    await store.commit(commitOf(write("c", 0, ["c1", "c2"])));
    const next = (await store.read("c"))[0]?.position ?? 0;
    assert.ok(next > last, `${String(next)} is not behind ${String(last)}`);
  },

  "a removal of another version is refused, and nothing of its commit is left behind": async ({ store }) => {
    await store.commit({ streams: [write("a", 0, ["a1", "a2"]), write("b", 0, ["b1"])] });
    const removals = [
      { name: "b", expectedVersion: 1 },
      { name: "a", expectedVersion: 1 },
    ];
    await refuses(store.commit({ streams: [write("c", 0, ["c1"])], removals }), "STORE_CONFLICT", { stream: "a", expected: 1, actual: 2 });
    assert.deepEqual([await eventsOf(store, "a"), await eventsOf(store, "b"), await eventsOf(store, "c")], [["a1", "a2"], ["b1"], []]);
  },

  "a commit that is refused removes nothing": async ({ store }) => {
    await store.commit({ streams: [write("a", 0, ["a1"]), write("b", 0, ["b1", "b2"])] });
    const removals = [{ name: "a", expectedVersion: 1 }];
    await refuses(store.commit({ streams: [write("b", 1, ["late"])], removals }), "STORE_CONFLICT", { stream: "b" });
    assert.deepEqual(await eventsOf(store, "a"), ["a1"]);
  },

  "of many who remove one stream and record it one succeeds": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["a1"])));
    const attempts = Array.from({ length: 20 }, (_, index) =>
      store.commit({ streams: [write(`note-${String(index)}`, 0, ["removed"])], removals: [{ name: "a", expectedVersion: 1 }] }),
    );
    assert.equal(await countSuccesses(attempts, "STORE_CONFLICT"), 1);
    const notes = await Promise.all(attempts.map((_, index) => eventsOf(store, `note-${String(index)}`)));
    assert.equal(notes.flat().length, 1);
  },

  "the removal of a stream that is not there changes nothing": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["a1"])));
    await store.commit({ streams: [], removals: [{ name: "nothing", expectedVersion: 0 }] });
    assert.deepEqual(await eventsOf(store, "a"), ["a1"]);
  },
} satisfies Cases<StoreFixture>;
