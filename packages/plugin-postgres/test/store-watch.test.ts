import { setTimeout as sleep } from "node:timers/promises";
import type { Store, StoreChange } from "@fairlead/core";
import { expect, test } from "vitest";
import { commitOf } from "./support/commit-of.js";
import { useStores } from "./support/store-scene.js";

const createScene = useStores();

/** What a watcher is told, until `stop`. */
function follow(store: Store, after?: number, prefix = ""): { readonly told: StoreChange[]; stop(): Promise<void> } {
  const stopped = new AbortController();
  const told: StoreChange[] = [];
  const changes = store.watch({ prefix, signal: stopped.signal, ...(after === undefined ? {} : { after }) });
  const ended = (async () => {
    for await (const change of changes) told.push(change);
  })();
  return {
    told,
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}

test("under eight writers in four stores every watcher is told every commit exactly once, in its order", async () => {
  const scene = await createScene();
  const stores = Array.from({ length: 4 }, () => scene.open());
  const watchers = [follow(scene.open(), 0), ...stores.map((store) => follow(store, 0)), follow(scene.open({ connections: 1 }), 0)];
  const commits = 60;
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const store = stores[writer % stores.length];
      for (let version = 0; version < commits; version += 1) {
        await store?.commit(commitOf(`writer/${String(writer)}`, version, "event"));
        if (version % 7 === 0) await sleep(1);
        // Refused ones leave no gap behind that anybody waits for.
        if (version % 5 === 0) await store?.commit(commitOf(`writer/${String(writer)}`, version, "late")).catch(() => undefined);
      }
    }),
  );
  for (const watcher of watchers) {
    await expect.poll(() => watcher.told.length, { timeout: 90_000 }).toBe(8 * commits);
    await watcher.stop();
    const positions = watcher.told.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((left, right) => left - right));
    for (let writer = 0; writer < 8; writer += 1) {
      const versions = watcher.told.filter(({ stream }) => stream === `writer/${String(writer)}`).map(({ version }) => version);
      expect(versions).toEqual(Array.from({ length: commits }, (_, index) => index + 1));
    }
  }
});

test("who follows a stream by its whole name is told each of its commits once, also beside those who wait for longer names", async () => {
  const scene = await createScene();
  const store = scene.open();
  const [one, ...others] = ["one", "others", "something"].map((prefix) => follow(store, 0, prefix));
  for (let version = 0; version < 3; version += 1) {
    await store.commit(commitOf("one", version, "event"));
    await expect.poll(() => one?.told.length).toBeGreaterThan(version);
  }
  await store.commit(commitOf("others", 0, "event"));
  await expect.poll(() => others[0]?.told.length).toBe(1);
  expect(one?.told.map(({ version }) => version)).toEqual([1, 2, 3]);
  for (const watcher of [one, ...others]) await watcher?.stop();
});

test("a commit that is slow to become visible is not passed over", async () => {
  const scene = await createScene();
  const [slow, quick, watching] = [scene.open(), scene.open(), scene.open()];
  await slow.commit(commitOf("a", 0, "one"));
  const watcher = follow(watching, 0);
  await expect.poll(() => watcher.told.length).toBe(1);
  // Every commit to `b` takes its time between its position and its end.
  await scene.query(`
    create function public.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return null; end $$;
    create constraint trigger linger after insert on fairlead_store.event deferrable initially deferred
      for each row when (new.type = 'slow') execute function public.linger()`);
  const lingering = slow.commit(commitOf("b", 0, "slow"));
  await sleep(100);
  await quick.commit(commitOf("c", 0, "quick"));
  await lingering;
  await expect.poll(() => watcher.told.map(({ stream }) => stream)).toEqual(["a", "b", "c"]);
  await watcher.stop();
});

test("a change of another process is told at once, without looking for it", async () => {
  const scene = await createScene();
  const [watching, other] = [scene.open({ pollInterval: "1h" }), scene.open()];
  await other.commit(commitOf("a", 0, "one"));
  const watcher = follow(watching);
  await expect.poll(async () => (await scene.query("select from pg_stat_activity where query like 'listen%'")).length).toBe(1);
  await other.commit(commitOf("a", 1, "two"));
  await expect.poll(() => watcher.told.length, { interval: 5 }).toBe(1);
  await watcher.stop();
});

test("without anybody who tells it, it looks; and is told again once somebody can", async () => {
  const scene = await createScene();
  const [watching, other] = [scene.open({ pollInterval: "20ms" }), scene.open({ direct: true })];
  await other.commit(commitOf("a", 0, "one"));
  const watcher = follow(watching);
  const listening = async (): Promise<number> =>
    (await scene.query("select from pg_stat_activity where application_name like '%listening' and query like 'listen%'")).length;
  await expect.poll(listening).toBe(1);
  // The connection that listens is ended again and again, the others are left alone.
  const until = Date.now() + 600;
  let version = 1;
  while (Date.now() < until) {
    await scene.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%listening'");
    await other.commit(commitOf("a", version, "event"));
    version += 1;
    await expect.poll(() => watcher.told.length, { interval: 5, timeout: 90_000 }).toBe(version - 1);
  }
  await expect.poll(listening, { timeout: 90_000 }).toBe(1);
  await watcher.stop();
});

test("a watcher outlives a server that is away for longer than a call would wait", async () => {
  const scene = await createScene();
  const [watching, other] = [scene.open({ patience: "100ms", pollInterval: "20ms" }), scene.open({ direct: true })];
  await other.commit(commitOf("a", 0, "one"));
  const watcher = follow(watching, 0);
  await expect.poll(() => watcher.told.length).toBe(1);
  scene.relay.refuse(true);
  scene.relay.cut();
  await other.commit(commitOf("a", 1, "two"));
  await sleep(400);
  scene.relay.refuse(false);
  await expect.poll(() => watcher.told.map(({ version }) => version), { timeout: 90_000 }).toEqual([1, 2]);
  await watcher.stop();
});
