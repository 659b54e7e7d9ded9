import { isFairleadError, type Store } from "@fairlead/core";
import pg from "pg";
import { expect, test } from "vitest";
import { commitOf } from "./support/commit-of.js";
import { useStores } from "./support/store-scene.js";

const createScene = useStores();

async function leaseOf(store: Store, name: string) {
  const answer = await store.leases.acquire({ name, holder: {}, ttl: 60_000 });
  if (!answer.granted) throw new Error(`the lease ${name} is held`);
  return { lease: name, token: answer.lease.token };
}

test("commits that are sent together are each judged for themselves, and those of one stream made in their order", async () => {
  const scene = await createScene();
  const store = scene.open();
  const streams = Array.from({ length: 14 }, (_, index) => `stream/${String(index)}`);
  for (const stream of streams) await store.commit(commitOf(stream, 0, "begun"));
  const fences = await Promise.all(streams.map((stream) => leaseOf(store, `lease/${stream}`)));
  const under = (index: number) => ({ fence: fences[index] ?? { lease: "", token: 0 } });
  const underLost = (index: number) => ({ fence: { lease: `lease/stream/${String(index)}`, token: 0 } });

  const commits = [
    ...streams.slice(2).map((stream, index) => commitOf(stream, 1, "second", under(index + 2))),
    // These have nothing in common with any other.
    commitOf("stream/0", 7, "of a version that is not there", under(0)),
    commitOf("stream/1", 1, "under a lease that is lost", underLost(1)),
    // These have.
    commitOf("stream/2", 2, "third, behind the second", under(2)),
    commitOf("stream/3", 7, "of a version that is not there", under(3)),
    commitOf("stream/4", 2, "under a lease that is lost", underLost(4)),
    commitOf("stream/99", 1, "of a stream that is not there", under(5)),
    commitOf("stream/new", 0, "first"),
  ];
  const answers = await Promise.all(
    commits.map((commit) =>
      store.commit(commit).then(
        ({ versions }) => versions[0],
        (error: unknown) => (isFairleadError(error) ? [error.code, error.data["actual"]] : error),
      ),
    ),
  );
  expect(answers.slice(0, 12)).toEqual(streams.slice(2).map(() => 2));
  expect(answers.slice(12, 14)).toEqual([
    ["STORE_CONFLICT", 1],
    ["LEASE_LOST", undefined],
  ]);
  expect(answers.slice(14)).toEqual([3, ["STORE_CONFLICT", 2], ["LEASE_LOST", undefined], ["STORE_CONFLICT", 0], 1]);

  const other = scene.open();
  const events = await Promise.all([...streams, "stream/new"].map((stream) => other.read(stream)));
  expect(events.map((found) => found.map(({ type }) => type))).toEqual([
    ...[["begun"], ["begun"]],
    ["begun", "second", "third, behind the second"],
    ...streams.slice(3).map(() => ["begun", "second"]),
    ["first"],
  ]);
});

test("who begins to watch hears of every commit from then on, whatever it does", async () => {
  const scene = await createScene();
  const store = scene.open();
  await store.commit(commitOf("a", 0, "begun"));
  await store.commit(commitOf("b", 0, "begun"));
  const fence = await leaseOf(store, "lease/a");
  const watching = new AbortController();
  const changes = store.watch({ prefix: "", signal: watching.signal })[Symbol.asyncIterator]();
  const first = changes.next();
  await Promise.all([store.commit(commitOf("a", 1, "under a fence", { fence })), store.commit(commitOf("b", 1, "without one"))]);
  const heard = [await first, await changes.next()].map(({ value }) => (value as { stream: string } | undefined)?.stream);
  expect(heard.toSorted()).toEqual(["a", "b"]);
  watching.abort();
});

test("each of many that are sent together is told the position that its last event has", async () => {
  const scene = await createScene();
  const store = scene.open();
  const names = Array.from({ length: 120 }, (_, index) => `stream/${String(index)}`);
  const fences = await Promise.all(
    names.map(async (name) => {
      await store.commit(commitOf(name, 0, "begun"));
      return leaseOf(store, name);
    }),
  );
  const { events } = commitOf("", 1, "one").streams[0] ?? { events: [] };
  const answers = await Promise.all(
    names.map((name, index) =>
      store.commit({
        streams: [
          {
            name,
            expectedVersion: 1,
            events: Array.from({ length: 1 + (index % 3) }, () => events[0] ?? { type: "", at: "", data: {}, hash: "" }),
          },
        ],
        fence: fences[index] ?? { lease: "", token: 0 },
      }),
    ),
  );
  const other = scene.open();
  const read = await Promise.all(names.map((name) => other.read(name)));
  expect(answers.map(({ position }) => position)).toEqual(read.map((found) => found.at(-1)?.position));
  expect(answers.map(({ versions }) => versions)).toEqual(names.map((_, index) => [2 + (index % 3)]));
});

test("what only appends under a fence is made without the way that all others go, and judged as there", async () => {
  const scene = await createScene();
  const [store, other] = [scene.open(), scene.open()];
  const names = Array.from({ length: 6 }, (_, index) => `stream/${String(index)}`);
  for (const name of names) await store.commit(commitOf(name, 0, "begun"));
  const fences = await Promise.all(names.map((name) => leaseOf(store, name)));
  const [{ schema } = { schema: "" }] = await scene.query<{ schema: string }>(
    "select pronamespace::regnamespace::text as schema from pg_proc where proname = 'commit_1'",
  );
  await scene.query(
    `create or replace function ${schema}.commit_1(changes jsonb, again boolean) returns jsonb language plpgsql as $$ begin raise exception 'the other way'; end $$`,
  );
  const told: (string | undefined)[] = [];
  const client = new pg.Client({ connectionString: scene.url });
  await client.connect();
  client.on("notification", ({ payload }) => told.push(payload));
  await client.query(`listen ${schema}`);
  await expect(store.commit(commitOf("new", 0, "begun"))).rejects.toThrow("the other way");

  const under = (index: number) => ({ fence: fences[index] ?? { lease: "", token: 0 } });
  const commits = [
    ...names.slice(2).map((name, index) => commitOf(name, 1, "second", under(index + 2))),
    commitOf("stream/0", 7, "of a version that is not there", under(0)),
    commitOf("stream/1", 1, "under a lease that is lost", { fence: { lease: "stream/1", token: 0 } }),
  ];
  const answers = await Promise.all(
    commits.map((commit) =>
      store.commit(commit).catch((error: unknown) => (isFairleadError(error) ? [error.code, error.data["actual"]] : error)),
    ),
  );
  const read = await Promise.all(names.map((name) => other.read(name)));
  expect(answers).toEqual([
    ...read.slice(2).map((events) => ({ position: events[1]?.position, versions: [2] })),
    ["STORE_CONFLICT", 1],
    ["LEASE_LOST", undefined],
  ]);
  expect(read.map((events) => events.map(({ type }) => type))).toEqual([
    ["begun"],
    ["begun"],
    ...names.slice(2).map(() => ["begun", "second"]),
  ]);
  expect(new Set(read.flatMap((events) => events.map(({ position }) => position))).size).toBe(10);
  const last = String(Math.max(...read.flatMap((events) => events.map(({ position }) => position))));
  await expect.poll(() => told.at(-1)).toBe(last);
  await client.end();
});
