import { EventEmitter } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { answersIn, commandLineOf } from "./support/command-line.js";
import { errorOf } from "./support/error-of.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

const files = {
  "1_a.sql": "-- migrate:up\ncreate table a (n int);\n-- migrate:down\ndrop table a;\n",
  "2_b.sql": "-- migrate:up\nalter table a add m int;\n-- migrate:down\nalter table a drop m;\n",
  "3_c.sql": "-- fairlead: contract\nalter table a drop column n;\n",
};

test("what is applied and pending is said in the first line, and who did what in the others", async () => {
  const scene = await createScene();
  await scene.write(files);
  const run = commandLineOf(scene, { actor: "bea" });
  const before = await run("migrations status production");
  expect(before).toMatchObject({ exitCode: 0, stderr: "" });
  expect(before.stdout).toMatch(/^production: 3 migrations, 0 applied, 3 pending\.\n/);
  expect(before.stdout).toContain("node deploy.ts migrations apply production");

  const applied = await run("migrations apply staging --phase expand --json");
  expect(answersIn(applied)).toMatchObject([{ migrations: [{ id: "1_a" }, { id: "2_b" }] }]);
  const after = answersIn(await run("migrations status production --json"));
  expect(after.map(({ id, state }) => [id, state])).toEqual([
    ["1_a", "applied"],
    ["2_b", "applied"],
    ["3_c", "pending"],
  ]);
  expect(after[0]).toMatchObject({ last: { actor: "bea", deployment: "by hand", failure: null } });
  expect((await run("migrations status production --pending")).stdout).not.toContain("1_a");
  await run("migrations apply development");
  expect((await run("migrations status production --detailed-exit-code")).exitCode).toBe(7);
});

test("what contracts is applied by hand only where somebody says so", async () => {
  const scene = await createScene();
  await scene.write(files);
  const run = commandLineOf(scene);
  const refused = await run("migrations apply production");
  expect(refused.exitCode).toBe(5);
  expect(refused.stderr).toContain("3_c: a release before this one does not survive it.");
  expect((await run("migrations status production")).stdout).toContain("0 applied, 3 pending");
  expect((await run("migrations apply production --yes")).stdout).toContain("production: 3 migrations applied.");
  expect(await run("migrations apply production --detailed-exit-code")).toMatchObject({
    exitCode: 7,
    stdout: "production: nothing to do.\n",
  });
});

test("no phase runs before an earlier one that is pending", async () => {
  const scene = await createScene();
  await scene.write({
    "1_a.sql": files["1_a.sql"],
    "2_b.sql": "-- fairlead: backfill\nupdate a set n = 1;\n",
    "3_c.sql": files["3_c.sql"],
  });
  const run = commandLineOf(scene);
  const refused = await run("migrations apply production --phase contract --yes");
  expect(refused.exitCode).toBe(5);
  expect(refused.stderr).toContain("pending of expand and backfill: 1_a, 2_b.");
  expect(refused.stderr).toContain("Nothing was applied.");
  const migrations = createMigrations({ url: scene.url, migrations: scene.folder, application: "shop" });
  expect(await errorOf(migrations.apply(undefined, ["expand", "contract"]))).toMatchObject({
    ...{ code: "POSTGRES_PHASE_PENDING", data: { phase: "contract", missing: ["backfill"], migrations: ["2_b"] } },
  });
  expect((await run("migrations status production")).stdout).toContain("0 applied");
  expect((await run("migrations apply production --phase expand --phase backfill")).exitCode).toBe(0);
  expect((await run("migrations apply production --phase contract --yes")).exitCode).toBe(0);
});

test("where something was applied or taken back before it failed, it is not said that nothing was", async () => {
  const scene = await createScene();
  const stuck = "-- migrate:up\ncreate table b ();\n-- migrate:down\ndrop table missing;\n";
  await scene.write({ "0_b.sql": stuck, "1_a.sql": files["1_a.sql"], "2_x.sql": "create table a (n int)" });
  const run = commandLineOf(scene);
  const applied = await run("migrations apply production");
  expect(applied.stderr).toContain("POSTGRES_MIGRATION_FAILED");
  expect(applied.stderr).not.toContain("Nothing was applied.");
  const down = await run("migrations down staging --migration 0_b --migration 1_a --yes");
  expect(down.stderr).toContain("POSTGRES_MIGRATION_FAILED");
  expect(down.stderr).not.toContain("Nothing was taken back.");
  expect(await scene.query("select id, state from fairlead.migrations order by id")).toEqual([
    { id: "0_b", state: "applied" },
    { id: "1_a", state: "reverted" },
    { id: "2_x", state: "failed" },
  ]);
});

test("what a deployment would refuse is refused by hand too, with the reason", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"] });
  const run = commandLineOf(scene);
  await run("migrations apply production");
  await scene.write({ "2_d.sql": "drop table a" });
  const plan = await run("migrations plan production");
  expect(plan.exitCode).toBe(5);
  expect(plan.stdout).toMatch(/^production: 1 problem to mend before anything is applied\.\n/);
  expect(plan.stdout).toContain("2_d.sql:1: drops the table a");
  const applied = await run("migrations apply production");
  expect(applied.exitCode).toBe(5);
  expect(applied.stderr).toContain("2_d.sql:1: drops the table a");
  expect((await run("migrations verify production")).exitCode).toBe(5);
});

test("a plan says what each statement locks, also for code scanning and pull requests", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"] });
  const run = commandLineOf(scene);
  await run("migrations apply production");
  await scene.write({ "2_i.sql": "create index a_n on a (n)" });
  expect((await run("migrations plan production")).stdout).toContain("Share on a");
  const sarif = await run("migrations plan production --format sarif");
  expect(JSON.parse(sarif.stdout)).toMatchObject({ version: "2.1.0" });
  expect((await run("migrations lint --format github --only 2_i")).stdout).toMatch(/^::(?:warning|notice) file=.*2_i\.sql,line=1/);
  expect(answersIn(await run("migrations plan production --json"))[0]).toMatchObject({
    pending: [{ id: "2_i", phase: "expand" }],
    inspections: [{ id: "2_i", statements: [{ locks: [{ relation: "a", mode: "Share" }] }] }],
  });
  expect((await run("migrations plan production --format html")).exitCode).toBe(64);
});

test("a folder is linted without an environment, a secret or a database", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "create table a (n int);", "2_b.sql": "-- fairlead: contrct\nselect 1" });
  const run = commandLineOf(scene, { env: { DATABASE_URL: "" } });
  const linted = await run("migrations lint");
  expect(linted.exitCode).toBe(1);
  expect(linted.stdout).toMatch(/^2 migrations: 1 error/);
  expect((await run("migrations lint --only 1_a --fail-on error")).exitCode).toBe(0);
  expect((await run("migrations lint --only 1_a --fail-on note")).exitCode).toBe(1);
});

test("what is mechanical is mended in what is pending, and never in all of a folder", async () => {
  const scene = await createScene();
  const old = "create table a (n int);\ncreate table b (n int primary key);\ncreate index a_n on a (n);\n";
  const pending =
    "-- fairlead: code-only\r\ncreate index a_m on a (n);\r\nalter table a add foreign key (n) references b (n);\r\nalter table a add column j json;\r\n";
  await scene.write({ "1_a.sql": old });
  const run = commandLineOf(scene);
  await run("migrations apply production");
  // As large as it takes to be said.
  await scene.query("update pg_class set reltuples = 20000000 where relname in ('a', 'b')");
  await scene.write({ "1_a.sql": old, "2_b.sql": pending });
  const read = () => Promise.all(["1_a.sql", "2_b.sql"].map((name) => readFile(join(scene.folder, name), "utf8")));
  await writeFile(join(scene.folder, "3_c.sql"), Buffer.from("alter table a add column k json; -- gr\xF6\xDFer", "latin1"));
  const refused = await run("migrations lint --fix");
  expect([refused.exitCode, await read()]).toEqual([1, [old, pending]]);
  expect(refused.stderr).toContain("POSTGRES_FIX_REFUSED");

  const fixed = await run("migrations lint production --fix --fail-on error");
  expect(fixed.stdout).toMatch(/2_b\.sql: \d findings mended\n/);
  const [untouched, mended] = await read();
  expect(untouched).toBe(old);
  expect(mended).toMatch(/^-- fairlead: code-only\r\ncreate index concurrently (?:if not exists )?a_m on a \(n\);\r\n/);
  expect(mended).toMatch(/ references b \(n\) not valid;\r\nalter table a add column (?:if not exists )?j jsonb;\r\n$/);
  expect(await readFile(join(scene.folder, "3_c.sql"), "latin1")).toContain("k json; -- gr\xF6\xDFer");
  await rm(join(scene.folder, "3_c.sql"));
  expect((await run("migrations apply production")).exitCode).toBe(0);
  expect(await scene.query("select indisvalid as valid from pg_index where indexrelid = 'a_m'::regclass")).toEqual([{ valid: true }]);
  expect((await run("migrations lint --only 2_b --fix")).stdout).not.toContain("mended");
});

test("a migration that stopped on its way is not mended: it goes on where it says what has run", async () => {
  const scene = await createScene();
  await scene.query("create table a (n int, m int); insert into a values (1, 1), (1, 2)");
  const stopped = "-- fairlead: code-only\ncreate index concurrently a_m on a (m);\ncreate unique index concurrently a_n on a (n);\n";
  await scene.write({ "1_a.sql": stopped, "2_b.sql": "create table b (n bigint primary key, j json);\n" });
  const run = commandLineOf(scene);
  expect((await run("migrations apply production")).stderr).toContain("could not create unique index");
  const fixed = await run("migrations lint production --fix");
  expect(fixed.stdout).toMatch(/2_b\.sql: \d findings? mended\n/);
  expect(await readFile(join(scene.folder, "1_a.sql"), "utf8")).toBe(stopped);
  await scene.query("delete from a where m = 2");
  expect((await run("migrations apply production")).stdout).toContain("2 migrations applied");
});

test("in production migrations are taken back only where its name is said; elsewhere --yes is enough", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"], "2_b.sql": files["2_b.sql"] });
  const run = commandLineOf(scene);
  await run("migrations apply production");
  for (const words of ["--last 1", "--last 1 --yes", "--last 1 --accept-loss-in staging", "", "--last 0"]) {
    const { exitCode } = await run(`migrations down production ${words}`.trim());
    expect([words, exitCode]).toEqual([words, words === "--last 0" ? 64 : 5]);
  }
  expect((await run("migrations status production")).stdout).toContain("2 applied");
  const refused = await run("migrations down production --last 1 --yes");
  expect(refused.stdout).toContain("alter table a drop m");
  expect(refused.stderr).toContain("--accept-loss-in production");

  expect((await run("migrations down production --last 1 --accept-loss-in production")).stdout).toContain("1 migration taken back");
  expect(await scene.query("select column_name as name from information_schema.columns where table_name = 'a'")).toEqual([{ name: "n" }]);
  expect((await run("migrations down staging --migration 1_a")).stderr).toContain("give --yes where nobody can be asked");
  expect((await run("migrations down staging --migration 1_a --yes")).exitCode).toBe(0);
  expect(await scene.query("select to_regclass('a') as a, actor, state from fairlead.migrations where id = '1_a'")).toEqual([
    { a: null, actor: "ada", state: "reverted" },
  ]);
  const unknown = await run("migrations down staging --migration 9_z --yes");
  expect(unknown.stderr).toContain("POSTGRES_MIGRATION_NOT_APPLIED");
});

test("a baseline and what is mended by a person's word want to be said", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"] });
  await scene.query("create table a (n int)");
  const run = commandLineOf(scene);
  expect((await run("migrations baseline production --to 1_a")).exitCode).toBe(5);
  expect((await run("migrations baseline production --yes")).stderr).toContain("Say up to which");
  expect((await run("migrations baseline production --to 1_a --yes")).stdout).toContain("1 migration more counts as applied");
  await scene.write({ "1_a.sql": "create table a (n bigint)" });
  expect((await run("migrations status production")).stdout).toContain("1 edited");
  expect((await run("migrations repair production --edited 1_a")).exitCode).toBe(5);
  expect(answersIn(await run("migrations repair production --edited 1_a --yes --json"))).toEqual([{ migrations: ["1_a"], indexes: [] }]);
  expect((await run("migrations repair production")).stdout).toContain("0 indexes mended, 0 entries changed");
});

test("names that do not exist and entries that are something else are refused, and nothing is changed", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"], "2_x.sql": "create table a ()" });
  const run = commandLineOf(scene);
  await run("migrations apply production");
  for (const words of [
    "lint --only nope",
    "lint production --only nope",
    "repair production --failed nope --yes",
    "repair production --edited nope --yes",
  ]) {
    const { exitCode, stderr } = await run(`migrations ${words}`);
    expect([words, exitCode]).toEqual([words, 6]);
    expect(stderr).toContain("There is no migration nope");
  }
  await scene.write({ "3_b.sql": files["2_b.sql"] });
  for (const [words, why] of [
    ["--failed 1_a", "1_a cannot be written down as failed: it is applied."],
    ["--failed 2_x --applied 3_b", "3_b cannot be written down as applied: it is pending."],
    ["--edited 2_x", "2_x cannot be written down as edited: it is failed."],
  ] as const) {
    const { exitCode, stderr } = await run(`migrations repair production ${words} --yes`);
    expect([words, exitCode]).toEqual([words, 5]);
    expect(stderr).toContain(why);
    expect(stderr).toContain("Nothing was mended.");
  }
  expect((await run("migrations repair production --applied 2_x --yes")).stdout).toContain("1 entry changed");
});

test("Ctrl-C while something is tried leaves no scratch database behind", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": "select pg_sleep(60)" });
  const signals = new EventEmitter();
  const ended = commandLineOf(scene, { signals })("migrations verify production");
  const trying =
    "select datname from pg_stat_activity where datname like 'fairlead_scratch_%' and state = 'active' and query like '%pg_sleep(60)%'";
  await expect.poll(async () => (await scene.query(trying)).length, { timeout: 90_000 }).toBe(1);
  signals.emit("SIGINT");
  const { exitCode, stderr } = await ended;
  expect(exitCode).toBe(8);
  expect(stderr).toContain("Interrupted by Ctrl-C.");
  expect(await scene.query("select datname from pg_database where datname like 'fairlead_scratch_%'")).toEqual([]);
});

test("the password is nowhere", async () => {
  const scene = await createScene();
  await scene.write({ "1_a.sql": files["1_a.sql"] });
  const url = new URL(scene.url);
  url.password = "kept-out-of-sight";
  url.port = "1";
  const run = commandLineOf({ ...scene, url: url.href });
  const { exitCode, stdout, stderr } = await run("migrations status production");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("POSTGRES_UNREACHABLE");
  expect(stdout + stderr).not.toContain("kept-out-of-sight");
});
