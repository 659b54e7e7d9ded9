import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createDeployer, environmentSecrets, Secret, secret } from "@fairlead/core";
import { sourceFlags } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { postgresStore } from "../src/store/index.js";
import { setUp } from "./support/set-up.js";
import { commitOf } from "./support/commit-of.js";
import { useStores } from "./support/store-scene.js";

const createScene = useStores();

test("many processes that begin at once make one store", async () => {
  const scene = await createScene();
  const program = fileURLToPath(new URL("./support/append-once.ts", import.meta.url));
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, async (_, index) => {
      const child = fork(program, [scene.url, String(index)], {
        execArgv: [...sourceFlags],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    }),
  );
  expect(outcomes).toEqual([0, 0, 0, 0]);
  expect((await scene.open().list({ prefix: "process/" })).items).toHaveLength(4);
  expect(await scene.query("select version from fairlead_store.store_version")).toEqual([{ version: 3 }]);
});

test("a process that has used it ends by itself, also without closing it", async () => {
  const scene = await createScene();
  const program = fileURLToPath(new URL("./support/append-once.ts", import.meta.url));
  const child = fork(program, [scene.url, "1", "leave-open"], {
    execArgv: [...sourceFlags],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  await once(child, "message");
  const done = performance.now();
  expect((await exited)[0]).toBe(0);
  // Connections that it left would keep it for half a minute.
  expect(performance.now() - done).toBeLessThan(20_000);
});

test("two stores in one database know nothing of each other", async () => {
  const scene = await createScene();
  const [one, other] = [scene.open({ schema: "one" }), scene.open({ schema: "other" })];
  await one.commit(commitOf("a", 0, "one", { claim: { key: "shop/production", owner: "a", action: "take" } }));
  await other.commit(commitOf("a", 0, "one", { claim: { key: "shop/production", owner: "b", action: "take" } }));
  expect([await one.claimOf("shop/production"), await other.claimOf("shop/production")]).toEqual(["a", "b"]);
});

test("a store that a later release has changed is refused and left as it is, also if it happens meanwhile", async () => {
  const scene = await createScene();
  const store = scene.open();
  await store.commit(commitOf("a", 0, "one"));
  await scene.query("update fairlead_store.store_version set version = 7; drop function fairlead_store.commit_1");
  const tooNew = { code: "STORE_TOO_NEW", data: { found: 7, known: 3 } };
  await expect(store.commit(commitOf("a", 1, "two"))).rejects.toMatchObject(tooNew);
  await expect(scene.open().read("a")).rejects.toMatchObject(tooNew);
  expect(await scene.query("select type from fairlead_store.event")).toEqual([{ type: "one" }]);
});

test("a store that is gone while it is open is not made anew", async () => {
  const scene = await createScene();
  const store = scene.open();
  await store.commit(commitOf("a", 0, "one"));
  await scene.query("drop schema fairlead_store cascade");
  await expect(store.commit(commitOf("a", 1, "two"))).rejects.toMatchObject({ code: "STORE_REPLACED" });
  await expect(store.read("a")).rejects.toMatchObject({ code: "STORE_REPLACED" });
  expect(await scene.query("select from pg_namespace where nspname = 'fairlead_store'")).toEqual([]);
});

test("a schema that holds something else is refused, an empty one is used", async () => {
  const scene = await createScene();
  await scene.query("create schema taken; create table taken.orders (id int); create schema prepared");
  await expect(scene.open({ schema: "taken" }).read("a")).rejects.toMatchObject({ code: "STORE_FOREIGN" });
  expect(await scene.query("select relname from pg_class where relnamespace = 'taken'::regnamespace")).toEqual([{ relname: "orders" }]);
  await scene.open({ schema: "prepared" }).commit(commitOf("a", 0, "one"));
});

test("a role without the right to make a schema works in one that was made for it", async () => {
  const scene = await createScene();
  const name = `app_${Math.random().toString(36).slice(2)}`;
  await scene.query(`create role ${name} login password 'pw-of-the-role'; create schema prepared authorization ${name}`);
  const url = new URL(scene.url);
  url.username = name;
  url.password = "pw-of-the-role";
  const open = (schema: string) => scene.open({ url: new Secret("STORE_URL", url.href), schema });
  await open("prepared").commit(commitOf("a", 0, "one"));
  await expect(open("other").read("a")).rejects.toMatchObject({ code: "POSTGRES_PRIVILEGE_MISSING" });
});

test("neither the migrator nor anything else shares its schema with a store", async () => {
  const scene = await createScene();
  await scene.open().commit(commitOf("a", 0, "one"));
  const { migrator, dispose } = await setUp({ url: scene.url, migrations: import.meta.dirname, schema: "fairlead_store" });
  const call = { signal: new AbortController().signal, log: { info: () => undefined, warn: () => undefined, error: () => undefined } };
  const deployment = { ...call, environment: "production", deploymentId: "dep_1", idempotencyKey: "1" };
  await expect(migrator.plan(deployment)).rejects.toMatchObject({ code: "POSTGRES_LEDGER_UNKNOWN" });
  await dispose?.();
  for (const schema of ["public", "pg_store", "Store", 'a"b', "", "1a"]) {
    expect(() => postgresStore({ url: secret("STORE_URL"), schema })).toThrow(
      expect.objectContaining({ code: "POSTGRES_STORE_SCHEMA_INVALID" }),
    );
  }
});

test("a database whose characters or transactions do not fit is refused with the remedy", async () => {
  const scene = await createScene();
  const name = `latin_${Math.random().toString(36).slice(2)}`;
  await scene.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
  const url = new URL(scene.url);
  url.pathname = `/${name}`;
  const latin = postgresStore({ url: new Secret("STORE_URL", url.href) });
  await expect(latin.read("a")).rejects.toMatchObject({ code: "POSTGRES_STORE_UNSUITABLE" });
  await latin.close();
  await scene.query(`alter database "${new URL(scene.url).pathname.slice(1)}" set default_transaction_isolation = 'repeatable read'`);
  await expect(scene.open().commit(commitOf("a", 0, "one"))).rejects.toMatchObject({ code: "POSTGRES_STORE_UNSUITABLE" });
});

test("a commit is on the disk although the database would answer before", async () => {
  const scene = await createScene();
  await scene.query(`alter database "${new URL(scene.url).pathname.slice(1)}" set synchronous_commit = off`);
  await scene.open().commit(commitOf("a", 0, "one"));
  await scene.query(`
    create table public.seen (setting text);
    create function public.look() returns trigger language plpgsql as $$ begin insert into public.seen values (current_setting('synchronous_commit')); return null; end $$;
    create constraint trigger look after insert on fairlead_store.event deferrable initially deferred for each row execute function public.look()`);
  await scene.open().commit(commitOf("a", 1, "two"));
  expect(await scene.query("select setting from public.seen")).toEqual([{ setting: "on" }]);
});

test("a wrong password, a missing database and a missing secret are told for what they are, and nothing of the password", async () => {
  const scene = await createScene();
  const password = "wrong-pw-7Qz";
  const wrong = new URL(scene.url);
  wrong.password = password;
  const missing = new URL(scene.url);
  missing.pathname = "/nowhere";
  const errorOf = async (url: string): Promise<unknown> => {
    const store = postgresStore({ url: new Secret("STORE_URL", url) });
    const error: unknown = await store.now().catch((thrown: unknown) => thrown);
    await store.close();
    return error;
  };
  const refused = await errorOf(wrong.href);
  expect(refused).toMatchObject({ code: "POSTGRES_LOGIN_REFUSED" });
  expect(JSON.stringify(refused)).not.toContain(password);
  expect(await errorOf(missing.href)).toMatchObject({ code: "POSTGRES_DATABASE_MISSING" });
  expect(await errorOf("postgres://nobody")).toMatchObject({ code: "POSTGRES_URL_INVALID" });
  const unresolved = postgresStore({ url: secret("STORE_URL") });
  await expect(unresolved.now()).rejects.toMatchObject({ code: "SECRETS_MISSING", data: { names: ["STORE_URL"] } });
  await unresolved.close();
});

test("a deployer resolves the secret when the store is first used", async () => {
  const scene = await createScene();
  const store = postgresStore({ url: secret("STORE_URL") });
  const deployer = createDeployer({
    application: "shop",
    store,
    plugins: [],
    environments: {},
  });
  expect(store.description).toBe("PostgreSQL STORE_URL, schema fairlead_store");
  await expect(store.now()).rejects.toMatchObject({ code: "SECRETS_MISSING" });
  deployer.useSecrets(environmentSecrets({ STORE_URL: scene.url }));
  expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(60_000);
  expect((await deployer.history()).items).toEqual([]);
  await deployer.close();
});

test("leases run on the clock of the database: that of the process may say what it likes", async () => {
  const scene = await createScene();
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  };
  const [jumping, other] = [scene.open({ clock }), scene.open()];
  const answer = await jumping.leases.acquire({ name: "deployment/1", holder: { worker: 1 }, ttl: 60_000 });
  for (const jump of [3_600_000, -7_200_000, 86_400_000]) {
    ahead = jump;
    expect((await jumping.leases.acquire({ name: "deployment/1", holder: { worker: 2 }, ttl: 60_000 })).granted).toBe(false);
    if (answer.granted) expect((await jumping.leases.renew(answer.lease, 60_000)).expiresAt).toBeLessThan(Date.now() + 120_000);
    expect((await other.leases.acquire({ name: "deployment/1", holder: { worker: 3 }, ttl: 60_000 })).granted).toBe(false);
  }
});
