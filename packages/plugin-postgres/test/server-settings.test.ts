import { expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

/** Long enough to disturb nobody. */
const limits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

/** Code that changes what the server gives everybody, and goes on when its own connection has heard of it. */
const change = `// fairlead: code-only, no-transaction
export const up = async (db) => {
  const loaded = async () => (await db.query("select pg_conf_load_time()::text as at"))[0].at;
  const before = await loaded();
  for (const name of ${JSON.stringify(limits)}) await db.query("alter system set " + name + " = '1h'");
  await db.query("select pg_reload_conf()");
  while ((await loaded()) === before);
};
`;

const look = `select ${limits.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`;
const own = { statement_timeout: "0", lock_timeout: "100ms", idle_in_transaction_session_timeout: "0" };

test("what somebody sets for the whole server while migrations run does not reach them", async () => {
  const scene = await createScene();
  await scene.write({
    "1_change.mjs": change,
    "2_whole.sql": `create table seen as ${look};`,
    "3_code.mjs": `// fairlead: code-only\nexport const up = (db) => db.query("insert into seen ${look.replaceAll('"', '\\"')}");`,
    "4_steps.sql": `create index concurrently on seen (lock_timeout);\ninsert into seen ${look};`,
  });
  try {
    expect(await scene.apply()).toEqual(["1_change", "2_whole", "3_code", "4_steps"]);
    const everybody = await scene.connect();
    expect((await everybody.query<object>(look)).rows).toEqual([Object.fromEntries(limits.map((name) => [name, "1h"]))]);
    expect(await scene.query("select * from seen")).toEqual([own, own, own]);
  } finally {
    const mending = await scene.connect();
    for (const name of limits) await mending.query(`alter system reset ${name}`);
    await mending.query("select pg_reload_conf()");
  }
});

test("what a role or a database begins with does not reach migrations", async () => {
  const scene = await createScene();
  const name = new URL(scene.url).pathname.slice(1);
  for (const limit of limits) await scene.query(`alter database "${name}" set ${limit} = '1h'`);
  await scene.write({ "1_whole.sql": `create table seen as ${look};`, "2_whole.sql": `insert into seen ${look};` });
  expect(await scene.apply()).toEqual(["1_whole", "2_whole"]);
  expect(await scene.query("select * from seen")).toEqual([own, own]);
});

test.for(["repeatable read", "serializable"])(
  "an index is built concurrently where transactions begin with more isolation: %s",
  async (level) => {
    const scene = await createScene();
    const name = new URL(scene.url).pathname.slice(1);
    await scene.query(`alter database "${name}" set default_transaction_isolation = '${level}'`);
    await scene.write({ "1_a.sql": "create table a (n int);", "2_b.sql": "create index concurrently a_n on a (n);" });
    expect(await scene.apply()).toEqual(["1_a", "2_b"]);
  },
);

test("where the server ends what nobody uses, what is compared and tried ends well and leaves nothing behind", async () => {
  const scene = await createScene();
  const name = new URL(scene.url).pathname.slice(1);
  await scene.write({ "1_a.sql": "create table a (n int); select pg_sleep(2.5);" });
  const migrations = createMigrations({ url: scene.url, migrations: scene.folder, application: "shop" });
  const before = await scene.query<{ n: number }>("select count(*)::int as n from pg_database");
  await scene.query(`alter database "${name}" set idle_session_timeout = '2s'`);
  const [diff, verification] = await Promise.all([migrations.diff({ from: "database", to: "folder" }), migrations.verify()]);
  expect(diff).toMatchObject({ proof: "proved", pending: ["1_a"] });
  expect(verification.findings).toEqual([]);
  expect(await scene.query("select count(*)::int as n from pg_database")).toEqual(before);
});
