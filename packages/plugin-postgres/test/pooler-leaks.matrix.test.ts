import { matrixCases, pgbouncer, requireService } from "@fairlead/test-support";
import { isFairleadError } from "@fairlead/core";
import { beforeEach, expect, test } from "vitest";
import { ground, leaks, lookIntoPool, type Leak } from "./support/leaks.js";
import { startPooler } from "./support/pooler.js";
import { startRelay, type Relay } from "./support/relay.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

beforeEach((context) => {
  requireService(context, pgbouncer);
});

/** How a file that leaves something ends. */
const ends = {
  "in a transaction": (sql: string) => `insert into marks values (1);\n${sql};`,
  "before a statement that runs outside of one": (sql: string) => `${sql};\nvacuum marks;`,
  "failing in the middle": (sql: string) => `${sql};\nselect 1 / 0;`,
  "failing in the second transaction": (sql: string) =>
    `begin; insert into marks values (1); commit;\nbegin; ${sql}; select 1 / 0; commit;`,
  killed: (sql: string) => `${sql};\nselect pg_sleep(60);`,
} as const;
type End = keyof typeof ends;

const cases = leaks
  .flatMap((leak) => (Object.keys(ends) as End[]).map((end) => ({ leak, end })))
  // A file that resets what it runs with runs to its end when its client is gone.
  .filter(({ leak, end }) => leak.sql !== "reset all" || end !== "killed");
const taken = matrixCases(cases, { sample: 12 });

function outcomeOf(end: End, { sets }: Leak): string {
  if (end === "in a transaction") return "applied";
  if (end === "killed") return "POSTGRES_CONNECTION_LOST";
  if (end === "before a statement that runs outside of one") return sets === true ? "POSTGRES_POOLED" : "applied";
  return "POSTGRES_MIGRATION_FAILED";
}

async function run(direct: Scene, relay: Relay, { leak, end }: (typeof cases)[number]): Promise<string> {
  await direct.query("drop schema if exists fairlead cascade");
  await direct.write({ "1.sql": ends[end](leak.sql) });
  const { migrator } = await direct.again({ url: relay.url });
  const applying = direct.apply("expand", migrator).then(
    () => "applied",
    (error: unknown) => (isFairleadError(error) ? error.code : String(error)),
  );
  const sleeping =
    "select from pg_stat_activity where datname = current_database() and state = 'active' and query like '%select pg_sleep(60)%' and pid <> pg_backend_pid()";
  if (end === "killed") {
    await expect.poll(async () => (await direct.query(sleeping)).length, { timeout: 90_000 }).toBe(1);
    relay.cut();
  }
  const outcome = await applying;
  await expect.poll(async () => (await direct.query(sleeping)).length, { timeout: 90_000 }).toBe(0);
  return outcome;
}

test(`of ${String(taken.length)} ways to leave something behind in a pool none does`, async () => {
  const direct = await createScene();
  await direct.query(ground);
  const pooler = await startPooler(direct.url);
  const relay = await startRelay(pooler.url);
  try {
    const throughPooler = await createScene({ url: pooler.url, migrations: direct.folder });
    const [seeded] = await direct.query("select setseed(0.25), random() as random");
    const untouched = await lookIntoPool(throughPooler, pooler.connections);
    const random = expect.not.closeTo(seeded?.["random"] as number, 12) as unknown;
    const clean = untouched.map((found) => ({ ...found, random }));
    for (const one of taken) {
      const outcome = await run(direct, relay, one);
      const found = await lookIntoPool(throughPooler, pooler.connections);
      expect.soft({ outcome, found }, `${one.leak.name}, ${one.end}`).toEqual({ outcome: outcomeOf(one.end, one.leak), found: clean });
    }
  } finally {
    await relay.close();
    await pooler.stop();
  }
}, 600_000);
