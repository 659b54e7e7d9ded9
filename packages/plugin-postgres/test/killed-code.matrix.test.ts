import { matrixCases, pgbouncer } from "@fairlead/test-support";
import { afterEach, expect, test } from "vitest";
import { startKillingRelay, type Moment } from "./support/killing-relay.js";
import { startPooler, type Pooler } from "./support/pooler.js";
import { startRunner } from "./support/runner-process.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

/** What is done to a row is done to it once more each time, and every batch leaves a mark. */
const totals = (inside = ""): string => `// fairlead: expand, code-only, no-transaction
import type { MigrationDatabase } from "@fairlead/plugin-postgres";
export const up = (db: MigrationDatabase) => db.batches<number>({ name: "totals", size: 4, pause: "1ms", each: async ({ db, after, size }) => {
  const rows = await db.query<{ id: number }>("update orders set total = total + 1 where id in (select id from orders where id > $1 order by id limit $2) returning id", [after ?? 0, size]);
  if (rows.length === 0) return null;
  await db.query("insert into marks values ($1)", ["behind " + (after ?? 0)]);
  ${inside}
  return Math.max(...rows.map(({ id }) => id));
} });
`;

const files = {
  "1_orders.sql":
    "create table orders (id int primary key, total int not null default 0);\ninsert into orders (id) select generate_series(1, 11);\ncreate table marks (name text);",
  "2_note.mjs": `// fairlead: code-only
export const up = async (db) => {
  await db.query("alter table orders add column note text");
  await db.query("insert into marks values ($1)", ["note"]);
};
`,
  "3_totals.ts": totals(),
  "4_last.sql": "insert into marks values ('last');",
};

const whole = {
  totals: [{ least: 1, most: 1, n: 11 }],
  marks: ["behind 0", "behind 4", "behind 8", "last", "note"],
  ledger: ["1_orders", "2_note", "3_totals", "4_last"].map((id) => ({ id, state: "applied" })),
};

async function stateOf({ query }: Scene): Promise<unknown> {
  return {
    totals: await query("select min(total) as least, max(total) as most, count(*)::int as n from orders where note is null"),
    marks: (await query("select name from marks order by name")).map(({ name }) => name),
    ledger: await query("select id, state from fairlead.migrations order by id"),
  };
}

/** As many messages as a run has from asking for the lock on, and some more. */
const messages = { directly: 45, "through a pooler": 60 } as const;
type Way = keyof typeof messages;
const ways: readonly Way[] = pgbouncer.available ? ["directly", "through a pooler"] : ["directly"];
const moments: readonly Moment[] = ["before", "sent", "answered"];
const casesOf = (way: Way) =>
  Array.from({ length: messages[way] }, (_, index) => moments.map((moment) => ({ way, message: index + 1, moment }))).flat();
const taken = ways.flatMap((way) => matrixCases(casesOf(way), { sample: 2, most: way === "directly" ? 60 : 24 }));

let starting: Promise<Pooler> | undefined;
/** It keeps connections to each database that it has led to: those of one test only, or the server has none left. */
afterEach(async () => {
  await (await starting)?.stop();
  starting = undefined;
});

/** The address of a scene's database this way, and a migrator that goes this way. */
async function goes(way: Way, scene: Scene): Promise<Pick<Scene, "url" | "migrator">> {
  if (way === "directly") return scene;
  const url = (await (starting ??= startPooler(scene.url))).through(scene.url);
  return { url, migrator: (await scene.again({ url })).migrator };
}

/** Kills a process at one of its messages and has another go on. Answers whether it was killed. */
async function killAt({ way, message, moment }: (typeof taken)[number]): Promise<boolean> {
  const scene = await createScene();
  await scene.write(files);
  const { url, migrator } = await goes(way, scene);
  const killed: Promise<void>[] = [];
  const relay = await startKillingRelay(url, { message, moment, kill: () => killed.push(runner.kill()) });
  const runner = startRunner({ url: relay.url, folder: scene.folder, deployment: "dep_killed", lease: "1s" });
  const report = await runner.ended;
  await Promise.all(killed);
  await relay.close();
  if (killed.length === 0) expect(report).toEqual({ applied: whole.ledger.map(({ id }) => id) });
  else await scene.apply("expand", migrator);
  expect(await stateOf(scene), `killed ${way} at message ${String(message)}, ${moment}`).toEqual(whole);
  return killed.length > 0;
}

let kills = 0;
/** Each scene keeps connections until its test ends. */
const most = 10;
const portions = Array.from({ length: Math.ceil(taken.length / most) }, (_, index) => taken.slice(index * most, (index + 1) * most));

test.for(portions.map((portion, index) => [index, portion] as const))(
  "a process that is killed anywhere in migrations in code leaves what the next one brings to the same end: portion %i",
  async ([, portion]) => {
    const waiting = [...portion];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (await killAt(next)) kills += 1;
    };
    await Promise.all([work(), work(), work()]);
  },
);

test("nearly all of them were killed", () => {
  // The last messages may be more than a run has.
  expect(kills).toBeGreaterThanOrEqual(Math.max(1, taken.length - 12));
});

test.for(ways)("a process that is killed while a batch works has done those before it once, and that one not: %s", async (way) => {
  const scene = await createScene();
  await scene.write({ ...files, "3_totals.ts": totals('if (after === 4) await db.query("select pg_sleep(600)");') });
  const { url, migrator } = await goes(way, scene);
  const runner = startRunner({ url, folder: scene.folder, deployment: "dep_killed", lease: "3s" });
  const working =
    "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like '%pg_sleep(600)%'";
  await expect.poll(async () => (await scene.query(working)).length, { timeout: 60_000 }).toBe(1);
  await runner.kill();
  expect(await scene.query("select count(*)::int as n from orders where total = 1")).toEqual([{ n: 4 }]);
  await scene.write({ "3_totals.ts": totals() });
  expect(await scene.apply("expand", migrator)).toEqual(["3_totals", "4_last"]);
  expect(await stateOf(scene)).toEqual(whole);
});
