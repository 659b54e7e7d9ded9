import { postgres, requireService, sourceFlags } from "@fairlead/test-support";
import { findLeaks } from "@fairlead/testing";
import Docker from "dockerode";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildShop } from "../build.ts";
import { startWorld, type World } from "../stage/world.ts";

let folder: string;
let world: World | undefined;

beforeEach(async (context) => {
  requireService(context, postgres);
  folder = await mkdtemp(join(tmpdir(), "canary-"));
});
afterEach(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Text {
  readonly source: string;
  readonly text: string | Uint8Array;
}

test("no secret of the shop comes out anywhere, whatever its providers answer", { timeout: 180_000 }, async () => {
  world = await startWorld({ folder, application: `canary-${String(process.pid)}` });
  const { env, vercel, messages, mails } = world;
  const canaries = secretsOf(env);
  const texts: Text[] = [];
  const run = async (words: string): Promise<void> => {
    for (const json of [[], ["--json"]]) texts.push(...(await runRaw([...words.split(" "), ...json], env)));
  };
  const deploy = async (release: string, words = ""): Promise<void> => {
    await buildShop(release, world?.release ?? "");
    texts.push(...(await runRaw(`deploy production${words}`.split(" "), env)));
  };

  await deploy("1");
  await deploy("4", " --json");
  // Providers that answer with what they were sent.
  await vercel.fault({
    kind: "status",
    status: 400,
    every: true,
    match: { operation: "deployment.create" },
    body: echo(env["VERCEL_TOKEN"]),
  });
  await messages.fault({
    kind: "status",
    status: 400,
    every: true,
    match: { operation: "slack.post" },
    body: JSON.stringify(echo(env["SLACK_WEBHOOK_URL"])),
  });
  await deploy("2");
  await vercel.fault({ kind: "status", status: 403, every: true, body: echo(env["VERCEL_TOKEN"]) });
  for (const words of [
    "status production",
    "doctor production",
    "health production",
    "plan production",
    "history production",
    "logs production",
    "rollback production",
  ]) {
    await run(words);
  }

  texts.push(...(await journalOf(world)), ...(await databaseOf(env["DATABASE_URL"] ?? "")), ...(await containersOf(world)));
  for (const [source, emulator] of Object.entries({ vercel, messages, mails })) {
    const { requests, ...rest } = await emulator.ledger();
    // The signed webhook's signature is made of the secret, and does not hold it.
    texts.push({ source: `ledger of ${source}`, text: JSON.stringify([requests, rest]) });
  }
  expect(
    texts.some(({ source, text }) => source.startsWith("deploy production: stdout") && String(text).includes("[redacted:VERCEL_TOKEN]")),
  ).toBe(true);
  expect(await findLeaks({ canaries, texts })).toEqual([]);
});

function echo(value: string | undefined) {
  return { error: { code: "bad_request", message: `This was sent: ${value ?? ""} (${Buffer.from(value ?? "").toString("base64")})` } };
}

/** Of addresses the part that is secret. */
function secretsOf(env: Readonly<Record<string, string>>): readonly { readonly name: string; readonly value: string }[] {
  const passwordOf = (name: string): string => decodeURIComponent(new URL(env[name] ?? "").password);
  const known = {
    VERCEL_TOKEN: env["VERCEL_TOKEN"],
    DATABASE_URL: passwordOf("DATABASE_URL"),
    SLACK_WEBHOOK_URL: new URL(env["SLACK_WEBHOOK_URL"] ?? "").pathname.split("/").at(-1),
    WEBHOOK_SECRET: env["WEBHOOK_SECRET"]?.replace(/^whsec_/, ""),
    SMTP_URL: passwordOf("SMTP_URL"),
    ...(env["SHOP_WORKER_DATABASE_URL"] === undefined ? {} : { SHOP_WORKER_DATABASE_URL: passwordOf("SHOP_WORKER_DATABASE_URL") }),
  };
  return Object.entries(known).map(([name, value = ""]) => {
    expect(value.length, name).toBeGreaterThanOrEqual(12);
    return { name, value };
  });
}

async function runRaw(words: readonly string[], env: Readonly<Record<string, string>>): Promise<readonly Text[]> {
  return new Promise((resolve) => {
    const options = { cwd: join(import.meta.dirname, ".."), env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
    execFile(process.execPath, [...sourceFlags, "deploy.ts", ...words], options, (_, stdout, stderr) => {
      const command = words.join(" ");
      resolve([
        { source: `${command}: stdout`, text: stdout },
        { source: `${command}: stderr`, text: stderr },
      ]);
    });
  });
}

async function journalOf({ env }: World): Promise<readonly Text[]> {
  const path = env["SHOP_JOURNAL"] ?? "";
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from ${String(name)}`).all());
  database.close();
  expect(rows.length).toBeGreaterThan(50);
  return [
    { source: "journal", text: rows.map((row) => Object.values(row).map(String).join("\n")).join("\n") },
    { source: "journal file", text: await readFile(path) },
  ];
}

async function databaseOf(connectionString: string): Promise<readonly Text[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    expect(tables.length).toBeGreaterThan(1);
    const texts: Text[] = [];
    for (const { name } of tables)
      texts.push({ source: `table ${name}`, text: JSON.stringify((await client.query(`select * from ${name}`)).rows) });
    return texts;
  } finally {
    await client.end();
  }
}

/** What an engine shows of the shop's containers, but for their environment: there the worker's secret belongs. */
async function containersOf({ env, worker }: World): Promise<readonly Text[]> {
  if (!worker.available) return [];
  const engine = new Docker({ socketPath: env["SHOP_DOCKER_SOCKET"] });
  const found = await engine.listContainers({ all: true, filters: { label: [`fairlead.application=${env["SHOP_APPLICATION"] ?? ""}`] } });
  expect(found.length).toBeGreaterThan(0);
  return Promise.all(
    found.map(async ({ Id }) => {
      const { Config, ...rest } = await engine.getContainer(Id).inspect();
      return { source: "container", text: JSON.stringify([rest, { ...Config, Env: [] }]) };
    }),
  );
}
