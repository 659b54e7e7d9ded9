import { docker, postgres, requireService, sourceFlags } from "@fairlead/test-support";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildShop } from "../build.ts";
import { runDeploy } from "./run-deploy.ts";
import { storyOf } from "./story.ts";
import { startWorld, type World } from "./world.ts";

let folder: string;
let world: World | undefined;

beforeEach(async (context) => {
  requireService(context, postgres);
  folder = await mkdtemp(join(tmpdir(), "world-"));
});
afterEach(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("after a reset a deployment finds what the first one found", { timeout: 300_000 }, async () => {
  world = await startWorld({ folder, application: "shop-of-world-test", dockerSocket: docker.socketPath });
  const { env, release, database, vercel, messages, mails } = world;
  const deploy = async () => {
    await buildShop("1", release);
    const run = await runDeploy(["deploy", "production"], { env, nodeFlags: sourceFlags });
    return { run, story: storyOf({ release: "1", name: "", run }) };
  };

  const first = await deploy();
  expect(first.run.problems).toEqual([]);
  expect(first.story).toMatchObject({ end: "promoted", applied: { migrations: ["0001_products"] } });
  await world.reset();

  expect((await vercel.ledger()).effects).toEqual([]);
  expect((await messages.ledger()).messages).toEqual([]);
  expect((await mails.ledger()).messages).toEqual([]);
  expect(await tablesOf(database.url)).toEqual([]);
  expect(existsSync(join(folder, "journal.db"))).toBe(false);
  const second = await deploy();
  expect(second.story).toMatchObject({ end: "promoted", applied: { migrations: ["0001_products"] } });
  expect(second.story.releaseId).not.toBe(first.story.releaseId);
});

async function tablesOf(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ tablename: string }>("select tablename from pg_tables where schemaname = 'public'");
    return rows.map(({ tablename }) => tablename);
  } finally {
    await client.end();
  }
}
