import { postgres, requireService, sourceFlags } from "@fairlead/test-support";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { buildShop } from "../build.ts";
import { runDeploy, type DeployRun } from "../stage/run-deploy.ts";
import { startWorld } from "../stage/world.ts";
import { ask } from "./support/kept-database.ts";
import { startShopper } from "../stage/shopper.ts";

beforeEach((context) => {
  requireService(context, postgres);
});

/** What release 1 does all the time, and release 2, which knows the new column. */
const old = [
  "select id, kind, done_at from jobs order by id desc limit 20",
  "insert into jobs (kind) values ('pack ' || $1::int)",
  "update jobs set done_at = now() where kind = 'pack ' || $1::int",
];
const knowing = [
  "select id, kind, coalesce(priority, 0) as priority from jobs order by id desc limit 20",
  "insert into jobs (kind, priority) values ('send ' || $1::int, 5)",
  "update jobs set done_at = now() where kind = 'send ' || $1::int",
];

const columns =
  "select column_name as name, is_nullable as nullable from information_schema.columns where table_name = 'jobs' order by ordinal_position";
const ledger = "select id from fairlead.migrations where state = 'applied' order by id";

test(
  "a migration that the running release does not survive is refused before anything is touched; in two steps it goes through unnoticed",
  { timeout: 600_000 },
  async () => {
    const folder = join(tmpdir(), `two-steps-${process.pid}`);
    const world = await startWorld({ folder, application: `shop-of-steps-${process.pid}`, worker: "never" });
    const env = { ...world.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
    const { url } = world.database;
    const deploy = (): Promise<DeployRun> => runDeploy(["deploy", "production"], { env, nodeFlags: sourceFlags });
    const build = async (migrations: Readonly<Record<string, string>>, note: string): Promise<void> => {
      await buildShop("2", world.release);
      await writeFile(join(world.release, "site/note.txt"), note);
      for (const [name, text] of Object.entries(migrations)) await writeFile(join(world.release, "migrations", `${name}.sql`), text);
    };
    try {
      await buildShop("1", world.release);
      expect((await deploy()).exitCode).toBe(0);
      const shopper = await startShopper(url, old);
      const before = [await ask(url, columns), await ask(url, ledger), (await world.vercel.state()).deployments.length];

      await build({ "0003_priority": "alter table jobs add column priority integer not null;" }, "at once");
      const refused = await deploy();
      expect(refused.exitCode).not.toBe(0);
      expect(refused.events).toEqual([]);
      const said = refused.problems.join("\n");
      expect(said).toMatch(/0003_priority\.sql:1: adds jobs\.priority, which requires a value and has no default/);
      expect(said).toMatch(/In two steps: give it a default or let it be missing \(expand\).*`-- fairlead: contract`/);
      expect([await ask(url, columns), await ask(url, ledger), (await world.vercel.state()).deployments.length]).toEqual(before);

      const steps = {
        "0003_priority": "alter table jobs add column priority integer;",
        "0004_priority_filled": "-- fairlead: backfill\nupdate jobs set priority = 0 where priority is null;",
        "0005_priority_required":
          "-- fairlead: contract\nupdate jobs set priority = 0 where priority is null;\nalter table jobs alter column priority set not null;",
      };
      await build(steps, "in two steps");
      expect((await deploy()).exitCode).toBe(0);
      expect((await ask<{ id: string }>(url, ledger)).map(({ id }) => id)).toEqual([
        "0001_products",
        "0002_orders",
        "0003_priority",
        "0004_priority_filled",
      ]);
      const served = await shopper.stop();
      expect(served.errors).toEqual([]);
      expect(served.rounds).toBeGreaterThan(10);

      const next = await startShopper(url, knowing);
      await build(steps, "and on");
      expect((await deploy()).exitCode).toBe(0);
      const after = await next.stop();
      expect(after.errors).toEqual([]);
      expect(after.rounds).toBeGreaterThan(10);
      expect((await ask<{ id: string }>(url, ledger)).map(({ id }) => id)).toContain("0005_priority_required");
      expect(await ask(url, columns)).toContainEqual({ name: "priority", nullable: "NO" });
    } finally {
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
