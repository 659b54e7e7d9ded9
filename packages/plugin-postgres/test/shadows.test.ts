import { embeddedPostgres, postgresVersion } from "@fairlead/test-support";
import { startPostgres } from "@fairlead/testing/postgres";
import { expect, test } from "vitest";
import { createMigrations, type Migrations, type MigrationsOptions } from "../src/index.js";
import { useServer, type Scene } from "./support/scene.js";

const server = useServer();
const { createScene } = server;

function migrationsOf({ url, folder }: Pick<Scene, "url" | "folder">, options: Partial<MigrationsOptions> = {}): Migrations {
  return createMigrations({ url, migrations: folder, application: "shop", ...options });
}

const scratches = "select datname from pg_database where datname like 'fairlead_scratch_%'";

/** What is said where nothing was tried. */
function untried(because: RegExp) {
  return { shadow: "none", findings: [{ severity: "warning", message: expect.stringMatching(because) as string }] };
}

/** Does something on a database as somebody who is gone afterwards: it is copied only while nobody is connected. */
async function once({ connect }: Scene, sql: string): Promise<void> {
  const client = await connect();
  await client.query(sql);
  await client.end();
}

test("a database from which others are reached is not copied, and nothing of what is pending happens there", async () => {
  const [scene, remote] = [await createScene(), await createScene()];
  const { hostname, port, password, pathname } = new URL(remote.url);
  await remote.query("create table stock (n int); insert into stock values (5)");
  await once(
    scene,
    `create extension postgres_fdw;
      create server warehouse foreign data wrapper postgres_fdw options (host '${hostname}', port '${port}', dbname '${pathname.slice(1)}');
      create user mapping for current_user server warehouse options (user 'postgres', password '${password}');
      import foreign schema public from server warehouse into public;`,
  );
  await scene.write({ "1.sql": "update stock set n = n - 1" });
  const { verify } = migrationsOf(scene, { shadow: "template" });
  expect(await verify()).toMatchObject(untried(/may change what is in use elsewhere: it has the foreign server warehouse\.$/));
  expect(await remote.query("select n from stock")).toEqual([{ n: 5 }]);
  await once(scene, "drop server warehouse cascade");
  expect(await verify()).toMatchObject(untried(/it has the extension postgres_fdw\.$/));
});

test("a database that is called postgres is copied like any other, and its own connections are nobody else's", async () => {
  const postgres = server.url();
  expect(new URL(postgres).pathname).toBe("/postgres");
  const scene = await createScene({ url: postgres });
  await scene.write({ "1.sql": "create table a (n int)" });
  const verification = await migrationsOf(scene, { shadow: "template" }).verify();
  expect(verification).toMatchObject({ shadow: "template", findings: [], migrations: [{ outcome: "runs" }] });
});

/** While it is open, a database can be connected to, and a copy of it waits. */
async function holdCopies({ url }: Scene) {
  const other = await createScene();
  const holder = await other.connect();
  await holder.query(`begin; comment on database "${new URL(url).pathname.slice(1)}" is 'held'`);
  const copying = "select pid from pg_stat_activity where query like 'create database fairlead_scratch_%' and state = 'active'";
  await expect.poll(() => other.query(copying)).toEqual([]);
  return { holder, other, copying };
}

test("an abort ends a copy that is being made, and leaves nothing of it", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  const { holder, other, copying } = await holdCopies(scene);
  const stop = new AbortController();
  const ended = expect(migrationsOf(scene, { shadow: "template" }).verify(stop.signal)).rejects.toThrow("enough");
  await expect.poll(() => other.query(copying)).toHaveLength(1);
  stop.abort(new Error("enough"));
  await ended;
  expect(await other.query(copying)).toEqual([]);
  await holder.query("rollback");
  await expect.poll(() => other.query(copying)).toEqual([]);
  expect(await other.query(scratches)).toEqual([]);
});

test("a copy that the server cancels, as it does when one takes too long, is a warning", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  const { holder, other, copying } = await holdCopies(scene);
  const verification = migrationsOf(scene, { shadow: "template" }).verify();
  await expect.poll(() => other.query(copying)).toHaveLength(1);
  await other.query(`select pg_cancel_backend(pid) from (${copying}) found`);
  expect(await verification).toMatchObject(untried(/its copy was cancelled: nobody can connect to it meanwhile, so one may take 60 s\.$/));
  await holder.query("rollback");
  expect(await other.query(scratches)).toEqual([]);
});

test("what another server lacks, roles and extensions, is no mistake of a migration, and it is said what to make there", async () => {
  const elsewhere = await startPostgres({ module: embeddedPostgres() });
  try {
    const scene = await createScene();
    await scene.query("create role app_ro");
    const { verify } = migrationsOf(scene, { shadow: elsewhere.url });
    await scene.write({ "1.sql": "create table a (n int); grant select on a to app_ro" });
    expect((await verify()).findings).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining('"app_ro"') as string,
        hint: expect.stringContaining("role app_ro") as string,
      },
    ]);
    await scene.write({ "1.sql": "create extension not_to_be_had" });
    expect((await verify()).findings).toMatchObject([{ severity: "warning", hint: expect.stringContaining("extension") as string }]);
    await scene.write({ "1.sql": "create table a (n int); grant select on a to nobody_at_all" });
    expect((await verify()).findings).toMatchObject([{ severity: "error" }]);
  } finally {
    await elsewhere.stop();
  }
});

test("a server that is started for it is one of the same version, and is stopped however it ends", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  const stopped: string[] = [];
  const start = async (module: string) => {
    const started = await startPostgres({ module });
    const stop = async (): Promise<void> => {
      await started.stop();
      stopped.push(module);
    };
    return { url: started.url, stop };
  };
  const [same, other] = [embeddedPostgres(), embeddedPostgres(postgresVersion === 18 ? 15 : 18)];

  const { migrator } = await scene.again({ shadow: () => start(same) });
  expect(await migrator.verify(scene.call())).toEqual([]);
  expect(await migrationsOf(scene, { shadow: () => start(other) }).verify()).toMatchObject(
    untried(/^.*the server of `shadow` is of version 1\d, /),
  );
  await scene.write({ "1.sql": "create table a (n nothing_like_it)" });
  expect(await migrationsOf(scene, { shadow: () => start(same) }).verify()).toMatchObject({ findings: [{ severity: "error" }] });

  expect(stopped).toEqual([same, other, same]);
  expect(await scene.query(scratches)).toEqual([]);
});

test("where no server can be started nothing is proved, and it is said why", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  const shadow = () => startPostgres({ module: "embedded-postgres-that-nobody-has" });
  expect(await migrationsOf(scene, { shadow }).verify()).toMatchObject(untried(/could not be started: .*embedded-postgres/));
});
