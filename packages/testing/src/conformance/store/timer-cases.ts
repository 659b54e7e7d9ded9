import assert from "node:assert/strict";
import type { Store } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { brief, commitOf, long, pass, write, type StoreFixture } from "./fixture.js";

async function set(store: Store, timers: Readonly<Record<string, number | null>>): Promise<void> {
  await store.commit({ streams: [], timers: Object.entries(timers).map(([name, at]) => ({ name, at })) });
}

async function dueOf(store: Store, prefix = "deployment/shop/", limit = 10): Promise<string[]> {
  return (await store.timers.due({ prefix, limit })).map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
}

/** Deadlines that outlive their process. */
export const timerCases = {
  "a timer is due when its time has come, and stays due": async (fixture) => {
    const { store } = fixture;
    // So far ahead that no machine is too slow to look before.
    await set(store, { "deployment/shop/a": (await store.now()) + long });
    assert.deepEqual(await dueOf(store), []);
    const at = (await store.now()) + brief;
    await set(store, { "deployment/shop/a": at });
    await pass(fixture, brief + 1);
    const [due, ...others] = await store.timers.due({ prefix: "deployment/shop/", limit: 10 });
    assert.deepEqual([due?.name, due?.at, others], ["deployment/shop/a", Math.ceil(at), []]);
    assert.deepEqual(await dueOf(store), ["a"]);
  },

  "a timer that is set anew is due at its new time alone": async (fixture) => {
    const { store } = fixture;
    const now = await store.now();
    await set(store, { "deployment/shop/a": now - 1 });
    await set(store, { "deployment/shop/a": now + 3_600_000 });
    assert.deepEqual(await dueOf(store), []);
    await set(store, { "deployment/shop/a": now - 2 });
    assert.deepEqual(await dueOf(store), ["a"]);
  },

  "a timer that is removed is never due": async ({ store }) => {
    await set(store, { "deployment/shop/a": 1 });
    await set(store, { "deployment/shop/a": null, "deployment/shop/unknown": null });
    assert.deepEqual(await dueOf(store), []);
  },

  "the earliest timers come first, and as many as are asked for": async ({ store }) => {
    await set(store, { "deployment/shop/third": 3, "deployment/shop/first": 1, "deployment/shop/second": 2 });
    assert.deepEqual(await dueOf(store, "deployment/shop/", 2), ["first", "second"]);
  },

  "timers of other names are not due": async ({ store }) => {
    await set(store, { "deployment/shop/a": 1, "deployment/shop_/b": 1, "deployment/blog/c": 1 });
    assert.deepEqual(await dueOf(store), ["a"]);
    assert.deepEqual(await dueOf(store, "deployment/shop_/"), ["b"]);
  },

  "a commit that is refused sets no timer": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"])));
    await assert.rejects(store.commit(commitOf(write("a", 0, ["again"]), { timers: [{ name: "deployment/shop/a", at: 1 }] })));
    assert.deepEqual(await dueOf(store), []);
  },
} satisfies Cases<StoreFixture>;
