import { Secret } from "@fairlead/core";
import { pgbouncer, requireService } from "@fairlead/test-support";
import { storeSuite } from "@fairlead/testing/conformance";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { postgresStore } from "../src/store/index.js";
import { commitOf } from "./support/commit-of.js";
import { startPooler } from "./support/pooler.js";
import { useStores } from "./support/store-scene.js";

const createScene = useStores();
beforeEach((context) => {
  requireService(context, pgbouncer);
});

describe("postgresStore behind PgBouncer in transaction mode", () => {
  storeSuite(
    { test, describe },
    {
      patience: "60s",
      create: async () => {
        const { url } = await createScene();
        const pooler = await startPooler(url);
        const open = () => postgresStore({ url: new Secret("STORE_URL", pooler.url), pollInterval: "5ms" });
        const store = open();
        return {
          store,
          reopen: async () => open(),
          dispose: async () => {
            await store.close();
            await pooler.stop();
          },
        };
      },
    },
  );
});

test("behind a pooler it looks for what nobody tells, and leaves nothing on the connections of others", async () => {
  const scene = await createScene();
  const pooler = await startPooler(scene.url);
  onTestFinished(() => pooler.stop());
  const [watching, other] = [0, 1].map(() => scene.open({ url: new Secret("STORE_URL", pooler.url), pollInterval: "20ms" }));
  await other?.commit(commitOf("a", 0, "one"));
  const stopped = new AbortController();
  const changes = watching?.watch({ prefix: "", after: 0, signal: stopped.signal })[Symbol.asyncIterator]();
  expect((await changes?.next())?.value).toMatchObject({ version: 1 });
  const next = changes?.next();
  await other?.commit(commitOf("a", 1, "two"));
  expect((await next)?.value).toMatchObject({ version: 2 });
  const left = "select from pg_stat_activity where query like 'listen%'";
  expect([await scene.query(left), await scene.query("select from pg_locks where locktype = 'advisory'")]).toEqual([[], []]);
  stopped.abort();
});

test("what others have committed before a commit of one's own is told with it", async () => {
  const scene = await createScene();
  const pooler = await startPooler(scene.url);
  onTestFinished(() => pooler.stop());
  const [watching, other] = [0, 1].map(() => scene.open({ url: new Secret("STORE_URL", pooler.url), pollInterval: "1h" }));
  await other?.commit(commitOf("a", 0, "one"));
  const stopped = new AbortController();
  const told: string[] = [];
  const changes = watching?.watch({ prefix: "", after: 0, signal: stopped.signal });
  const following = (async () => {
    for await (const { stream } of changes ?? []) told.push(stream);
  })();
  await expect.poll(() => told).toEqual(["a"]);
  await other?.commit(commitOf("b", 0, "one"));
  await watching?.commit(commitOf("c", 0, "one"));
  await expect.poll(() => told).toEqual(["a", "b", "c"]);
  stopped.abort();
  await following;
});
