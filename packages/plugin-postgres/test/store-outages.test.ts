import { setTimeout as sleep } from "node:timers/promises";
import { isFairleadError, type Lease, type Store } from "@fairlead/core";
import { proves } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { commitOf } from "./support/commit-of.js";
import { useStores, type StoreScene } from "./support/store-scene.js";

const createScene = useStores();

interface Term {
  readonly worker: number;
  readonly token: number;
}

/**
 * A worker that takes a lease whenever it can, appends to one stream as long as it has it, and gives it up or just forgets it. What is appended says who did it: the stream shows whether
 * there were ever two.
 */
async function work(
  store: Store,
  worker: number,
  until: AbortSignal,
): Promise<{ readonly appended: readonly string[]; readonly problems: readonly unknown[] }> {
  const appended: string[] = [];
  const problems: unknown[] = [];
  for (let turn = 0; !until.aborted; turn += 1) {
    try {
      const answer = await store.leases.acquire({ name: "deployment/1", holder: { worker }, ttl: 400 }).catch(whenUnknown);
      if (answer?.granted !== true) {
        await sleep(10);
        continue;
      }
      await term(store, { lease: answer.lease, worker, turn }, appended);
    } catch (error) {
      if (!isFairleadError(error, "LEASE_LOST") && !isFairleadError(error, "STORE_CONFLICT")) problems.push(error);
    }
  }
  return { appended, problems };
}

async function term(
  store: Store,
  { lease, worker, turn }: { readonly lease: Lease; readonly worker: number; readonly turn: number },
  appended: string[],
): Promise<void> {
  let version = (await store.read("journal")).length;
  for (let count = 0; count < 8; count += 1) {
    const type = JSON.stringify({ worker, token: lease.token, id: `${String(worker)}-${String(turn)}-${String(count)}` });
    await store.commit(commitOf("journal", version, type, { fence: { lease: lease.name, token: lease.token } }));
    appended.push(type);
    version += 1;
    if (count === 4) await store.leases.renew(lease, 400).catch(whenUnknown);
  }
  if (turn % 2 === 0) await store.leases.release(lease);
}

/** Who wants a lease is told in time that nobody knows, and goes on. */
function whenUnknown(error: unknown): undefined {
  if (!isFairleadError(error, "STORE_UNAVAILABLE")) throw error;
}

/** Four workers on one stream while something is done to the server; then everything that was answered must be there, once and in order. */
async function survive(scene: StoreScene, disturb: (signal: AbortSignal) => Promise<void>, milliseconds: number): Promise<number> {
  const stop = new AbortController();
  const stores = Array.from({ length: 4 }, () => scene.open());
  const watched: number[] = [];
  const watcher = scene.open();
  const watching = (async () => {
    for await (const { version } of watcher.watch({ prefix: "journal", after: 0, signal: stop.signal })) watched.push(version);
  })();
  const working = Promise.all(stores.map((store, worker) => work(store, worker, stop.signal)));
  try {
    await Promise.all([disturb(stop.signal), sleep(milliseconds)]);
    const last = (await scene.open().read("journal")).length;
    await expect.poll(() => watched.length, { timeout: 90_000 }).toBeGreaterThanOrEqual(last);
  } finally {
    stop.abort();
  }
  const reports = await working;
  await watching;

  expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
  const stored = await scene.open().read("journal");
  const types = stored.map(({ type }) => type);
  expect(stored.map(({ version }) => version)).toEqual(types.map((_, index) => index + 1));
  expect(new Set(types).size).toBe(types.length);
  for (const { appended } of reports) expect(types.filter((type) => appended.includes(type))).toEqual(appended);
  // A token belongs to one worker, and nobody writes once a later one has.
  const terms = types.map((type) => JSON.parse(type) as Term);
  const owners = new Map<number, number>();
  for (const [index, { token, worker }] of terms.entries()) {
    expect(owners.get(token) ?? worker).toBe(worker);
    owners.set(token, worker);
    expect(token).toBeGreaterThanOrEqual(terms[index - 1]?.token ?? 0);
  }
  expect(watched).toEqual([...watched.keys()].map((index) => index + 1));
  return types.length;
}

/** Whether so little has been appended so far that nothing is shown yet: on a busy machine that takes longer. */
async function isLittle(store: Store): Promise<boolean> {
  return store.read("journal").then(
    ({ length }) => length <= 10,
    () => true,
  );
}

test("connections that are ended at any time cost nothing: nothing is lost, nothing is there twice, and there is one holder", async (context) => {
  proves(context, "end to end", "I22");
  const scene = await createScene();
  let ended = 0;
  const appended = await survive(
    scene,
    async (signal) => {
      const store = scene.open();
      while (!signal.aborted && (ended < 120 || (await isLittle(store)))) {
        await sleep(15 + Math.random() * 40);
        ended += await scene.terminate();
      }
    },
    3_000,
  );
  expect(ended).toBeGreaterThanOrEqual(120);
  expect(appended).toBeGreaterThan(10);
}, 180_000);

test("connections that break on their way cost nothing either", async () => {
  const scene = await createScene();
  const appended = await survive(
    scene,
    async () => {
      const store = scene.open();
      for (let times = 0; times < 60 || (await isLittle(store)); times += 1) {
        await sleep(10 + Math.random() * 40);
        scene.relay.cut();
      }
    },
    2_000,
  );
  expect(appended).toBeGreaterThan(10);
}, 180_000);

test("a server that restarts is waited for", async (context) => {
  proves(context, "end to end", "I22");
  const scene = await createScene();
  const appended = await survive(
    scene,
    async () => {
      for (let times = 0; times < 3; times += 1) {
        await sleep(400);
        await scene.restart();
      }
      await sleep(400);
    },
    1_000,
  );
  expect(appended).toBeGreaterThan(10);
}, 180_000);

test("an answer that is lost does not make a commit happen twice, nor fail", async () => {
  const scene = await createScene();
  const store = scene.open();
  await store.commit(commitOf("a", 0, "one"));
  const lost = scene.relay.cutBeforeAnswer(/answers/);
  const committing = store.commit(commitOf("a", 1, "two", { outbox: [], claim: { key: "shop/production", owner: "a", action: "take" } }));
  await lost;
  const { versions, position } = await committing;
  const stored = await scene.open().read("a");
  expect(stored.map(({ type }) => type)).toEqual(["one", "two"]);
  expect([versions, position]).toEqual([[2], stored[1]?.position]);
});

test("a lease whose answer is lost is whose who asked", async () => {
  const scene = await createScene();
  const store = scene.open();
  await store.now();
  const lost = scene.relay.cutBeforeAnswer(/granted/);
  const asking = store.leases.acquire({ name: "deployment/1", holder: { worker: 1 }, ttl: 60_000 });
  await lost;
  const answer = await asking;
  expect(answer.granted).toBe(true);
  expect(await scene.open().leases.read("deployment/1")).toEqual(answer.granted ? answer.lease : undefined);
});

test("another's commit of the same version is not taken for one's own", async () => {
  const scene = await createScene();
  const [store, other] = [scene.open(), scene.open({ direct: true })];
  await store.commit(commitOf("a", 0, "one"));
  scene.relay.refuse(true);
  scene.relay.cut();
  const committing = store.commit(commitOf("a", 1, "two"));
  await other.commit(commitOf("a", 1, "two"));
  scene.relay.refuse(false);
  await expect(committing).rejects.toMatchObject({ code: "STORE_CONFLICT", data: { stream: "a", expected: 1, actual: 2 } });
});

test("a server that does not answer is told apart from a refusal, and is used again when it does", async () => {
  const scene = await createScene();
  const store = scene.open({ patience: "300ms" });
  await store.commit(commitOf("a", 0, "one"));
  scene.relay.refuse(true);
  scene.relay.cut();
  await expect(store.commit(commitOf("a", 1, "two"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  await expect(store.read("a")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  scene.relay.refuse(false);
  await store.commit(commitOf("a", 1, "two"));
  expect(await store.read("a")).toHaveLength(2);
});

test("connections that answer nothing are given up for others", async () => {
  const scene = await createScene();
  const store = scene.open({ patience: "20s" });
  await Promise.all([store.commit(commitOf("a", 0, "one")), store.now(), store.now()]);
  scene.relay.freeze();
  expect((await store.commit(commitOf("a", 1, "two"))).versions).toEqual([2]);
  expect(await store.read("a")).toHaveLength(2);
}, 180_000);

test("half of a commit is none: a connection that breaks in the middle of a large one leaves nothing", async () => {
  const scene = await createScene();
  const store = scene.open({ patience: "1ms" });
  await store.commit(commitOf("a", 0, "one"));
  const data = { text: "x".repeat(20_000_000) };
  const committing = store.commit({
    streams: [
      { name: "a", expectedVersion: 1, events: [{ type: "big", at: "2026-01-02T03:04:05.678Z", data, hash: "sha256:big" }] },
      { name: "b", expectedVersion: 0, events: [{ type: "big", at: "2026-01-02T03:04:05.678Z", data, hash: "sha256:big" }] },
    ],
    claim: { key: "shop/production", owner: "a", action: "take" },
  });
  const outcome = committing.then(
    () => "committed",
    (error: unknown) => error,
  );
  await sleep(60);
  scene.relay.cut();
  const committed = (await outcome) === "committed";
  const again = scene.open();
  await expect
    .poll(
      async () => (await scene.query("select from pg_stat_activity where state = 'active' and application_name = 'fairlead store'")).length,
    )
    .toBe(0);
  const there = [
    (await again.read("a")).length === 2,
    (await again.read("b")).length === 1,
    (await again.claimOf("shop/production")) === "a",
  ];
  expect(new Set(there).size).toBe(1);
  if (committed) expect(there[0]).toBe(true);
});

test("a lease that nobody waits for any more is not given when the server is back", async () => {
  const scene = await createScene();
  const [store, other] = [scene.open(), scene.open({ direct: true })];
  await store.commit(commitOf("a", 0, "one"));
  scene.relay.refuse(true);
  scene.relay.cut();
  const asking = store.leases.acquire({ name: "deployment/1", holder: { worker: 1 }, ttl: 300 });
  await expect(asking).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  scene.relay.refuse(false);
  await store.commit(commitOf("a", 1, "two"));
  expect(await other.leases.read("deployment/1")).toBeUndefined();
});
