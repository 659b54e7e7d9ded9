import { randomBytes } from "node:crypto";
import { systemClock, type Clock, type Migrator } from "@fairlead/core";
import { openLine } from "@fairlead/test-support";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";
import { leaksOf } from "./support/secrecy.js";

const { createScene } = useServer();
const password = `${randomBytes(9).toString("base64url")} ü%/@:`;

/** The same address with something else in it. */
function changed(url: string, parts: Partial<Record<"username" | "password" | "port" | "hostname" | "pathname", string>>): string {
  const other = Object.assign(new URL(url), parts);
  // What an address is given is not encoded by it where it looks encoded already.
  if (parts.password !== undefined) other.password = encodeURIComponent(parts.password);
  return other.href;
}

/** A role of the server with the password; what it may do is said behind it. */
async function createRole({ query, url }: Scene, may = ""): Promise<{ readonly role: string; readonly url: string }> {
  const role = `role_${randomBytes(6).toString("hex")}`;
  await query(`create role ${role} login password '${password}' ${may}`);
  return { role, url: changed(url, { username: role, password }) };
}

/** Everything that a migrator is asked for, each with the error that it ends with. */
async function errorsOf(migrator: Migrator, { call }: Scene) {
  const migrations = [{ id: "1", checksum: "sha256:0", phase: "expand" as const }];
  return [
    await errorOf(migrator.plan(call())),
    await errorOf(migrator.verify(call())),
    await errorOf(migrator.apply({ phase: "expand", migrations, release: "rel_1" }, call())),
  ];
}

/** The server's answer to nothing is awaited a hundredth of the time. */
const hurried: Clock = { ...systemClock, sleep: (milliseconds, options) => systemClock.sleep(milliseconds / 100, options) };

test.for([
  [
    "a wrong password",
    (url: string) => changed(url, { password }),
    { code: "POSTGRES_LOGIN_REFUSED", retryable: false, message: /does not let postgres in: .+28P01/, hint: /user and password/ },
  ],
  [
    "no password",
    (url: string) => changed(url, { password: "" }),
    { code: "POSTGRES_LOGIN_REFUSED", retryable: false, message: /does not let postgres in: .+28P01/, hint: /user and password/ },
  ],
  [
    "an unknown user",
    (url: string) => changed(url, { username: "nobody", password }),
    { code: "POSTGRES_LOGIN_REFUSED", retryable: false, message: /does not let nobody in/, hint: /user and password/ },
  ],
  [
    "no such database",
    (url: string) => changed(url, { pathname: "/nowhere" }),
    { code: "POSTGRES_DATABASE_MISSING", retryable: false, message: /no database .+\/nowhere/, hint: /Create it/ },
  ],
  [
    "a port where nothing listens",
    (url: string) => changed(url, { password, port: "1" }),
    { code: "POSTGRES_UNREACHABLE", retryable: true, message: /127\.0\.0\.1:1\/.+ECONNREFUSED/, hint: /server runs/ },
  ],
  [
    "no such host",
    (url: string) => changed(url, { password, hostname: "nowhere.invalid" }),
    { code: "POSTGRES_UNREACHABLE", retryable: true, message: /nowhere\.invalid/, hint: /server runs/ },
  ],
] as const)("%s: the error says what to do, and holds no password", async ([, change, expected]) => {
  const scene = await createScene();
  const url = change(scene.url);
  await scene.write({ "1.sql": "create table a ()" });
  const { migrator } = await scene.again({ url });
  const errors = await errorsOf(migrator, scene);
  for (const error of errors) {
    expect(error).toMatchObject({ code: expected.code, retryable: expected.retryable });
    expect(error.message).toMatch(expected.message);
    expect(error.hint).toMatch(expected.hint);
  }
  expect(await leaksOf(password, [...errors, migrator, scene.log])).toEqual([]);
  expect(await leaksOf(new URL(scene.url).password, [...errors, migrator, scene.log])).toEqual([]);
});

test("a server that never sees the password is told apart from one that cannot be reached, where there is none", async () => {
  const scene = await createScene();
  const { role, url } = await createRole(scene);
  const [settings] = await scene.query<{ rules: string; file: string }>(
    "select pg_read_file(f) as rules, f as file from current_setting('hba_file') as f",
  );
  const rules = (settings?.rules ?? "").split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const lines = [`host all ${role} 127.0.0.1/32 scram-sha-256`, ...rules].map((line) => `('${line}')`);
  await scene.query(`copy (values ${lines.join(", ")}) to '${settings?.file ?? ""}'`);
  await scene.query("select pg_reload_conf()");
  await scene.write({ "1.sql": "create table a ()" });
  for (const [wrong, message] of [
    [changed(url, { password: "" }), /wants a password/],
    [changed(url, { password: `${password}.` }), /28P01/],
  ] as const) {
    const { migrator: refused } = await scene.again({ url: wrong });
    // The server reads its rules anew when it comes to it.
    await expect.poll(async () => (await errorOf(refused.plan(scene.call()))).message).toMatch(message);
    const error = await errorOf(refused.plan(scene.call()));
    expect(error).toMatchObject({ code: "POSTGRES_LOGIN_REFUSED", retryable: false });
    expect(await leaksOf(password, [error])).toEqual([]);
  }
});

describe("a server that does not answer", () => {
  async function silentScene(): Promise<Scene> {
    const scene = await createScene();
    const line = await openLine({ host: "127.0.0.1", port: Number(new URL(scene.url).port) });
    onTestFinished(() => line.close());
    line.silence();
    await scene.write({ "1.sql": "create table a ()" });
    return { ...scene, url: changed(scene.url, { port: String(line.port), password }) };
  }

  test("is given up after its time", async () => {
    const scene = await silentScene();
    const { migrator } = await scene.again({ url: scene.url, clock: hurried });
    const errors = await errorsOf(migrator, scene);
    for (const error of errors) expect(error).toMatchObject({ code: "POSTGRES_UNREACHABLE", retryable: true });
    expect(errors[0]?.message).toMatch(/no answer within 10 s/);
    expect(await leaksOf(password, errors)).toEqual([]);
  });

  test("does not hold up an abort", async () => {
    const scene = await silentScene();
    const { migrator } = await scene.again({
      url: scene.url,
      clock: { ...systemClock, sleep: (_, options) => systemClock.sleep(600_000, options) },
    });
    const migrations = [{ id: "1", checksum: "sha256:0", phase: "expand" as const }];
    for (const work of [
      (signal: AbortSignal) => migrator.plan(scene.call(signal)),
      (signal: AbortSignal) => migrator.verify(scene.call(signal)),
      (signal: AbortSignal) => migrator.apply({ phase: "expand", migrations, release: "rel_1" }, scene.call(signal)),
    ]) {
      await expect(work(AbortSignal.timeout(50))).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
    }
  });
});

describe("a role that may too little", () => {
  test("learns from verifying what to grant, and the grant suffices", async () => {
    const scene = await createScene();
    const { role, url } = await createRole(scene);
    await scene.write({ "1.sql": "create schema mine; create table mine.a ()" });
    const { migrator } = await scene.again({ url });

    const [missing, ...others] = await migrator.verify(scene.call());
    expect(others).toEqual([]);
    expect(missing).toMatchObject({ severity: "error", hint: expect.stringContaining("Grant create on the database") as string });
    const error = await errorOf(scene.apply("expand", migrator));
    expect(error).toMatchObject({ code: "POSTGRES_PRIVILEGE_MISSING", hint: expect.stringContaining("CREATE on the database") as string });
    expect(await leaksOf(password, [missing, error])).toEqual([]);

    await scene.query(`do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`);
    expect(await migrator.verify(scene.call())).toMatchObject([
      { severity: "warning", message: expect.stringContaining("may not create databases") as string },
    ]);
    expect(await scene.apply("expand", migrator)).toEqual(["1"]);
    expect(await scene.query("select role from fairlead.migrations")).toEqual([{ role }]);
  });

  test("learns that it may not write to the ledger of another role", async () => {
    const scene = await createScene();
    await scene.write({ "1.sql": "create table a ()" });
    await scene.apply();
    const { role, url } = await createRole(scene);
    const { migrator } = await scene.again({ url });
    expect(await errorOf(migrator.plan(scene.call()))).toMatchObject({ code: "POSTGRES_PRIVILEGE_MISSING" });

    await scene.query(`grant usage on schema fairlead to ${role}; grant select on all tables in schema fairlead to ${role}`);
    expect(await migrator.plan(scene.call())).toMatchObject({ pending: [], findings: [] });
    await scene.write({ "2.sql": "select 1" });
    expect(await migrator.verify(scene.call())).toMatchObject([
      { severity: "error", message: expect.stringContaining('may not write to "fairlead".migrations') as string },
    ]);
    await scene.query(`grant insert, update on fairlead.migrations to ${role}`);
    expect(await scene.apply("expand", migrator)).toEqual(["2"]);
  });

  test("is told when what a migration does is not allowed, with its place", async () => {
    const scene = await createScene();
    await scene.query("create table theirs ()");
    const { role, url } = await createRole(scene);
    await scene.query(`do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`);
    await scene.write({ "1.sql": "alter table theirs add n int" });
    const { migrator } = await scene.again({ url });
    expect(await errorOf(scene.apply("expand", migrator))).toMatchObject({
      code: "POSTGRES_MIGRATION_FAILED",
      data: { at: expect.stringMatching(/1\.sql:1:1$/) as string, sqlState: "42501", undone: true },
    });
  });
});

test("a database that takes no changes is found by verifying and by applying", async () => {
  const scene = await createScene();
  await scene.query("do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$");
  await scene.write({ "1.sql": "create table a ()" });
  const remedy = expect.stringContaining("address of the primary") as string;
  expect(await scene.migrator.verify(scene.call())).toMatchObject([{ severity: "error", hint: remedy }]);
  expect(await errorOf(scene.apply())).toMatchObject({ code: "POSTGRES_READ_ONLY", hint: remedy });
});
