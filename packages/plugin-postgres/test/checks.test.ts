import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { systemClock, type CheckResult } from "@fairlead/core";
import { openLine, postgresVersion, type Line } from "@fairlead/test-support";
import { describe, expect, onTestFinished, test } from "vitest";
import { useServer, type Scene } from "./support/scene.js";
import { leaksOf } from "./support/secrecy.js";
import type { Provided, SceneOptions } from "./support/set-up.js";

const { createScene } = useServer();
const password = randomBytes(12).toString("hex");
const latency = expect.any(Number) as number;

/** Asks one of the plugin's checks as the deployer does. */
async function ask({ checks }: Pick<Provided, "checks">, name: string, signal = new AbortController().signal): Promise<CheckResult> {
  const check = checks.find((one) => one.name === name);
  if (check === undefined || check.scope === "candidate") throw new Error(`there is no check ${name}`);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return check.run({ signal, log });
}

/** The plugin with something between it and the server that can be interrupted. */
async function overLine(options: Partial<SceneOptions> = {}): Promise<{ scene: Scene; provided: Provided; line: Line }> {
  const scene = await createScene();
  const line = await openLine({ host: "127.0.0.1", port: Number(new URL(scene.url).port) });
  onTestFinished(() => line.close());
  const url = Object.assign(new URL(scene.url), { port: String(line.port) }).href;
  return { scene, line, provided: await scene.again({ ...options, url }) };
}

function probes({ query }: Scene): Promise<readonly Record<string, unknown>[]> {
  return query("select pid from pg_stat_activity where datname = current_database() and application_name = 'fairlead check'");
}

describe("whether the application's database answers", () => {
  test("is asked on one connection, also by two at once, which ends with the plugin", async () => {
    const scene = await createScene();
    const provided = await scene.again();
    expect(await Promise.all([ask(provided, "postgres"), ask(provided, "postgres")])).toEqual([
      { status: "up", data: { latency } },
      { status: "up", data: { latency } },
    ]);
    const opened = await probes(scene);
    expect(opened).toHaveLength(1);
    expect(await ask(provided, "postgres")).toMatchObject({ status: "up" });
    expect(await probes(scene)).toEqual(opened);
    await provided.dispose?.();
    await provided.dispose?.();
    await expect.poll(() => probes(scene)).toEqual([]);
  });

  test("is down while it cannot be reached, and up again behind that", async () => {
    const { provided, line } = await overLine();
    expect(await ask(provided, "postgres")).toMatchObject({ status: "up" });
    line.cut();
    await expect
      .poll(() => ask(provided, "postgres"))
      .toMatchObject({
        status: "down",
        reason: expect.stringMatching(/^(unreachable|connection_lost)$/) as string,
        message: expect.stringContaining("127.0.0.1") as string,
        hint: expect.any(String) as string,
      });
    line.mend();
    await expect.poll(() => ask(provided, "postgres")).toEqual({ status: "up", data: { latency } });
  });

  test("is up at once on a new connection when the server ended the one before", async () => {
    const scene = await createScene();
    const provided = await scene.again();
    await ask(provided, "postgres");
    const [before] = await probes(scene);
    await scene.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fairlead check'");
    await expect.poll(() => ask(provided, "postgres")).toMatchObject({ status: "up" });
    expect(await probes(scene)).not.toContainEqual(before);
  });

  test.for(["before the first question", "between two"])(
    "a silence that begins %s ends with the deadline, and is over when the line is mended",
    async (when) => {
      const { scene, provided, line } = await overLine();
      if (when === "between two") await ask(provided, "postgres");
      line.silence();
      await expect(ask(provided, "postgres", AbortSignal.timeout(50))).rejects.toMatchObject({ name: "TimeoutError" });
      line.mend();
      expect(await ask(provided, "postgres")).toMatchObject({ status: "up" });
      await expect.poll(() => probes(scene)).toHaveLength(1);
    },
  );

  test("a silence that nobody ends is an answer after its time", async () => {
    const { provided, line } = await overLine({
      clock: { ...systemClock, sleep: (milliseconds, options) => systemClock.sleep(milliseconds / 100, options) },
    });
    line.silence();
    expect(await ask(provided, "postgres")).toMatchObject({
      status: "down",
      reason: "unreachable",
      message: expect.stringContaining("10 s") as string,
    });
  });

  test("a plugin that is given up while it connects waits for nothing", async () => {
    const { provided, line } = await overLine({ clock: { ...systemClock, sleep: (_, options) => systemClock.sleep(600_000, options) } });
    line.silence();
    const asking = ask(provided, "postgres", AbortSignal.timeout(5_000)).catch(() => undefined);
    await provided.dispose?.();
    await asking;
  });
});

test.for([
  ["login_refused", (url: URL) => Object.assign(url, { password }), "user and password"],
  ["database_missing", (url: URL) => Object.assign(url, { pathname: "/nowhere" }), "Create it"],
  ["unreachable", (url: URL) => Object.assign(url, { port: "1", password }), "server runs"],
] as const)("%s is the reason, with a hint and without the password", async ([reason, change, hint]) => {
  const scene = await createScene();
  const { checks } = await scene.again({ url: change(new URL(scene.url)).href });
  const results = await Promise.all(["postgres", "postgres-server"].map((name) => ask({ checks }, name)));
  for (const result of results) {
    expect(result).toMatchObject({
      status: "down",
      reason,
      message: expect.any(String) as string,
      hint: expect.stringContaining(hint) as string,
    });
  }
  expect(await leaksOf(password, results)).toEqual([]);
  expect(await leaksOf(new URL(scene.url).password, results)).toEqual([]);
});

describe("whether the provider is ready", () => {
  test("says which server it is, and leaves no connection", async () => {
    const scene = await createScene();
    expect(await ask(scene, "postgres-server")).toEqual({ status: "up", data: { version: postgresVersion, pooled: false, latency } });
    await expect
      .poll(() => scene.query("select from pg_stat_activity where datname = current_database() and application_name like 'fairlead%'"))
      .toEqual([]);
  });

  test("says that the database takes no changes", async () => {
    const scene = await createScene();
    await scene.query("do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$");
    expect(await ask(scene, "postgres-server")).toMatchObject({ status: "down", reason: "read_only" });
    expect(await ask(scene, "postgres")).toMatchObject({ status: "up" });
  });

  test("says what is wrong with the migrations", async () => {
    const scene = await createScene();
    await scene.write({ "1.sql": "create table a ()" });
    expect(await ask(scene, "postgres-migrations")).toEqual({ status: "up", data: { migrations: 1 } });
    await scene.write({ "2.sql": "\n-- fairlead: contrakt\nselect 1" });
    const result = await ask(scene, "postgres-migrations");
    expect(result).toMatchObject({ status: "down", reason: "migrations_invalid", data: { migrations: 2 } });
    expect(result.message).toMatch(/2\.sql:2: "contrakt" is no directive/);
    await rm(scene.folder, { recursive: true });
    expect(await ask(scene, "postgres-migrations")).toMatchObject({ status: "down", reason: "folder_unreadable" });
  });
});
