import assert from "node:assert/strict";
import type { Store, StoreChange } from "@fairlead/core";
import type { CaseTools, Cases } from "../suite.js";
import { commitOf, moment, openAnother, refuses, write, type StoreFixture } from "./fixture.js";

interface Watcher {
  next(): Promise<IteratorResult<StoreChange, undefined>>;
  /** Changes up to this position. */
  until(position: number): Promise<StoreChange[]>;
  stop(): void;
}

/** Watches from the moment of this call. */
function watch(store: Store, { soon }: CaseTools, options: { readonly prefix: string; readonly after?: number }): Watcher {
  const stopped = new AbortController();
  const changes = store.watch({ ...options, signal: stopped.signal })[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<StoreChange, undefined>> => soon("a change", changes.next());
  return {
    next,
    async until(position) {
      const found: StoreChange[] = [];
      for (;;) {
        const { done, value } = await next();
        assert.ok(done !== true, "the watch has ended");
        found.push(value);
        assert.ok(value.position <= position, `position ${String(value.position)} lies behind ${String(position)}`);
        if (value.position === position) return found;
      }
    },
    stop: () => {
      stopped.abort();
    },
  };
}

/** Being told of commits. */
export const watchCases = {
  "a watcher is told of every commit, in order": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/" });
    const first = await store.commit(commitOf(write("a/1", 0, ["one"])));
    const second = await store.commit(commitOf(write("a/2", 0, ["one"])));
    assert.deepEqual(await watcher.until(first.position), [{ position: first.position, stream: "a/1", version: 1 }]);
    const third = await store.commit(commitOf(write("a/1", 1, ["two"])));
    assert.deepEqual(await watcher.until(third.position), [
      { position: second.position, stream: "a/2", version: 1 },
      { position: third.position, stream: "a/1", version: 2 },
    ]);
    watcher.stop();
  },

  "a watcher that waits is woken by a commit": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/" });
    const waiting = watcher.next();
    // Behind whatever the watcher does before it waits.
    await moment();
    const { position } = await store.commit(commitOf(write("a/1", 0, ["one"])));
    assert.deepEqual(await waiting, { done: false, value: { position, stream: "a/1", version: 1 } });
    watcher.stop();
  },

  "a watcher is told where a stream of several new events ends": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/" });
    const { position } = await store.commit({ streams: [write("a/1", 0, ["one", "two", "three"]), write("a/2", 0, ["one", "two"])] });
    const changes = await watcher.until(position);
    const last = (stream: string): StoreChange | undefined => changes.findLast((change) => change.stream === stream);
    assert.deepEqual([last("a/1")?.version, last("a/2")], [3, { position, stream: "a/2", version: 2 }]);
    watcher.stop();
  },

  "a watcher is told of streams with its prefix alone": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/1" });
    await store.commit({ streams: [write("a/2", 0, ["one"]), write("b/a/1", 0, ["one"]), write("a/", 0, ["one"])] });
    const { position } = await store.commit({ streams: [write("a/11", 0, ["one"]), write("b", 0, ["one"])] });
    const { value } = await watcher.next();
    assert.deepEqual(value, { position: position - 1, stream: "a/11", version: 1 });
    watcher.stop();
  },

  "a watcher begins behind a position": async ({ store }, tools) => {
    const first = await store.commit(commitOf(write("a/1", 0, ["one"])));
    const second = await store.commit(commitOf(write("a/2", 0, ["one"])));
    const all = watch(store, tools, { prefix: "a/", after: 0 });
    assert.equal((await all.until(second.position)).length, 2);
    const later = watch(store, tools, { prefix: "a/", after: first.position });
    assert.deepEqual(await later.until(second.position), [{ position: second.position, stream: "a/2", version: 1 }]);
    all.stop();
    later.stop();
  },

  "a watcher without a position begins when it is made": async ({ store }, tools) => {
    await store.commit(commitOf(write("a/1", 0, ["before"])));
    const watcher = watch(store, tools, { prefix: "a/" });
    // Nobody has asked it for anything yet.
    const { position } = await store.commit(commitOf(write("a/1", 1, ["after"])));
    assert.deepEqual((await watcher.next()).value, { position, stream: "a/1", version: 2 });
    watcher.stop();
  },

  "a watcher is told of thousands of changes that it was late for": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/" });
    const types = Array.from({ length: 2_500 }, () => "event");
    await store.commit(commitOf(write("b", 0, types)));
    const { position } = await store.commit({ streams: [write("a/1", 0, types), write("a/2", 0, ["last"])] });
    const changes = await watcher.until(position);
    assert.equal(changes.findLast(({ stream }) => stream === "a/1")?.version, 2_500);
    watcher.stop();
  },

  "all watchers are told the same": async ({ store }, tools) => {
    const watchers = [watch(store, tools, { prefix: "a/" }), watch(store, tools, { prefix: "" }), watch(store, tools, { prefix: "a/" })];
    const waiting = watchers.map((watcher) => watcher.next());
    const { position } = await store.commit(commitOf(write("a/1", 0, ["one"])));
    for (const result of await Promise.all(waiting)) assert.deepEqual(result.value, { position, stream: "a/1", version: 1 });
    for (const watcher of watchers) watcher.stop();
  },

  "a watch ends quietly when its signal aborts": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/" });
    const waiting = watcher.next();
    await moment();
    watcher.stop();
    assert.equal((await waiting).done, true);
    assert.equal((await watcher.next()).done, true);
    const never = watch(store, tools, { prefix: "a/", after: 0 });
    await store.commit(commitOf(write("a/1", 0, ["one"])));
    never.stop();
    assert.equal((await never.next()).done, true);
  },

  "a watcher is told when the store is closed": async ({ store }, tools) => {
    const watcher = watch(store, tools, { prefix: "a/" });
    const waiting = watcher.next();
    await moment();
    await Promise.all([refuses(waiting, "STORE_CLOSED"), store.close()]);
    await refuses(watch(store, tools, { prefix: "a/", after: 0 }).next(), "STORE_CLOSED");
  },

  "a watcher is told of what another store on the same data commits": async (fixture, tools) => {
    const other = await openAnother(fixture);
    const { position } = await fixture.store.commit(commitOf(write("a/0", 0, ["one"])));
    const watcher = watch(fixture.store, tools, { prefix: "a/", after: position });
    const waiting = watcher.next();
    const first = await other.commit(commitOf(write("a/1", 0, ["one"])));
    assert.deepEqual((await waiting).value, { position: first.position, stream: "a/1", version: 1 });
    const second = await other.commit(commitOf(write("a/1", 1, ["two"])));
    assert.deepEqual((await watcher.next()).value, { position: second.position, stream: "a/1", version: 2 });
    watcher.stop();
    await other.close();
  },
} satisfies Cases<StoreFixture>;
