import { expect, test } from "vitest";
import { createMigrations, toVerificationText, type Migrations, type MigrationsOptions } from "../src/index.js";
import { useServer, type Scene } from "./support/scene.js";

const server = useServer();
const { createScene } = server;

function migrationsOf({ url, folder }: Scene, options: Partial<MigrationsOptions> = {}): Migrations {
  return createMigrations({ url, migrations: folder, application: "shop", ...options });
}

const scratches = "select datname from pg_database where datname like 'fairlead_scratch_%'";

const orders = {
  "1_orders.sql": `create table orders (id int primary key, note text);
    create table audits (what text);
    create function note_it() returns trigger language plpgsql as $$ begin lock table audits in access exclusive mode; return new; end $$;
    create trigger orders_note before insert on orders for each row execute function note_it();`,
};

test("what statements lock and write anew is seen, and held against what their text lets expect", async () => {
  const scene = await createScene();
  await scene.write(orders);
  await scene.apply();
  await scene.write({
    "2_change.sql":
      "alter table orders add column at timestamptz default clock_timestamp();\ninsert into orders (id) values (1);\ncreate table more ();",
  });
  const verification = await migrationsOf(scene).verify();
  expect(verification).toMatchObject({ shadow: "beside", drift: [], schema: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string });
  expect(verification.migrations).toMatchObject([{ id: "2_change", outcome: "runs", wayBack: "none" }]);
  expect(verification.migrations[0]?.statements.map(({ line, locks, rewrites }) => ({ line, locks, rewrites }))).toEqual([
    {
      line: 1,
      locks: [{ relation: "orders", mode: "AccessExclusive", foreseen: "AccessExclusive" }],
      rewrites: [{ relation: "orders", foreseen: true }],
    },
    { line: 2, locks: [{ relation: "audits", mode: "AccessExclusive", foreseen: null }], rewrites: [] },
    { line: 3, locks: [], rewrites: [] },
  ]);
  const milder = {
    severity: "warning",
    migration: "2_change",
    message: expect.stringMatching(
      /2_change\.sql:2: it took AccessExclusive on audits where its text lets expect nothing: others wait for reading and writing\.$/,
    ) as string,
  };
  expect(verification.findings).toMatchObject([milder]);
  expect(await scene.migrator.verify(scene.call())).toMatchObject([milder]);
  const text = toVerificationText(verification);
  expect(text.split("\n")[0]).toBe("ready: 1 of 1 pending migrations run, tried on an empty database beside the real one");
  expect(text).toContain("AccessExclusive on audits: others wait for reading and writing (foreseen: nothing)");
  expect(await scene.query(scratches)).toEqual([]);
});

test("ways back are gone and come again from: one that leaves something, one that fails, one that takes too much", async () => {
  const scene = await createScene();
  const both = (up: string, down: string): string => `-- migrate:up\n${up};\n-- migrate:down\n${down};\n`;
  const verify = async (down: string) => {
    await scene.write({
      "1_a.sql": both("create table a (n int)", "drop table a"),
      "2_b.sql": both("create table b (n int); create index b_n on b (n)", down),
    });
    const { migrations, findings } = await migrationsOf(scene).verify();
    return { back: migrations.map(({ wayBack }) => wayBack), said: findings.map(({ message }) => message.replace(scene.folder, "")) };
  };
  expect(await verify("drop table b")).toEqual({ back: ["returns", "returns"], said: [] });
  expect(await verify("drop index b_n")).toEqual({
    back: ["untried", "fails"],
    said: [
      "the way back of /2_b.sql does not lead back: the table b stays.",
      expect.stringContaining("the way back of /2_b.sql leaves a database on which the migration does not run again: ") as string,
    ],
  });
  expect(await verify("drop table bb")).toEqual({
    back: ["untried", "fails"],
    said: [expect.stringMatching(/^the way back of \/2_b\.sql fails: .+ table "bb" does not exist/) as string],
  });
  expect(await verify("drop table a, b")).toEqual({
    back: ["untried", "differs"],
    said: ["the way back of /2_b.sql does not lead back: the table a is missing."],
  });
  expect(await scene.query("select to_regclass('a') as a")).toEqual([{ a: null }]);
});

test("drift is said also where nothing is pending, and where the ledger and the folder are alike", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  await scene.apply();
  const made = await migrationsOf(scene).verify();
  expect(made).toMatchObject({ shadow: "beside", findings: [], migrations: [], drift: [] });
  await scene.query("alter table a add column m int");
  const changed = await migrationsOf(scene).verify();
  expect(changed.drift).toEqual([{ kind: "column", name: "public.a.m", there: "here" }]);
  expect(changed.schema).toBe(made.schema);
  expect(await scene.migrator.verify(scene.call())).toEqual([]);
});

test("on a copy of the database its rows count; while others are connected there is none, which is said", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  await scene.apply();
  const rows = await scene.connect();
  await rows.query("insert into a values (1), (1)");
  await rows.end();
  await scene.write({ "2.sql": "update a set n = 1 / (n - 1)" });
  expect(await migrationsOf(scene).verify()).toMatchObject({ shadow: "beside", migrations: [{ outcome: "runs" }] });
  const copied = await migrationsOf(scene, { shadow: "template" }).verify();
  expect(copied).toMatchObject({ shadow: "template", migrations: [{ id: "2", outcome: "fails" }] });
  expect(copied.findings).toMatchObject([{ severity: "error", message: expect.stringContaining("division by zero") as string }]);

  const other = await scene.connect();
  expect(await migrationsOf(scene, { shadow: "template" }).verify()).toMatchObject({
    shadow: "none",
    migrations: [{ outcome: "untried" }],
    findings: [{ severity: "warning", message: expect.stringMatching(/cannot be copied while others are connected to it\.$/) as string }],
  });
  expect((await other.query("select count(*)::int as rows from a")).rows).toEqual([{ rows: 2 }]);
});

test("migrations are tried on the server that is named, and nothing of it stays there", async () => {
  const scene = await createScene();
  await scene.write({ "1.sql": "create table a (n int)" });
  const verification = await migrationsOf(scene, { shadow: server.url() }).verify();
  expect(verification).toMatchObject({ shadow: "elsewhere", findings: [], migrations: [{ outcome: "runs" }] });
  const wrong = migrationsOf(scene, { shadow: "postgres://postgres:wrong@127.0.0.1:1/postgres" });
  await expect(wrong.verify()).rejects.toMatchObject({ code: "POSTGRES_UNREACHABLE" });
  expect(await scene.query(scratches)).toEqual([]);
  expect(() => migrationsOf(scene, { shadow: "nowhere" })).toThrow(expect.objectContaining({ code: "POSTGRES_URL_INVALID" }) as Error);
});
