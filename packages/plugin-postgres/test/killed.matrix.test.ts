import { matrixCases, pgbouncer } from "@fairlead/test-support";
import { afterAll, expect, test } from "vitest";
import { startKillingRelay, type Moment } from "./support/killing-relay.js";
import { startPooler, type Pooler } from "./support/pooler.js";
import { startRunner } from "./support/runner-process.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

/** Nothing of it can be done twice unnoticed: every statement that runs leaves a mark, and none is unique. */
const files = {
  "1.sql": "create table marks (name text, n int);\ninsert into marks values ('1.a', 1);",
  "2.sql": "set search_path = public;\ninsert into marks values ('2.a', 2);\nalter table marks add column note text;",
  "3.sql":
    "insert into marks values ('3.a', 3);\ncreate index concurrently marks_n on marks (n);\nbegin; insert into marks values ('3.b', 4); insert into marks values ('3.c', 5); commit;\nvacuum marks;\ninsert into marks values ('3.d', 6);",
  "4.sql":
    "create unique index concurrently on marks (name);\nreindex index concurrently marks_n;\ninsert into marks values ('4.a', 7);\ndrop index concurrently marks_n;\ncreate index concurrently if not exists marks_m on marks (note);",
  "5.sql": "insert into marks values ('5.a', 8);",
};
const marks = ["1.a", "2.a", "3.a", "3.b", "3.c", "3.d", "4.a", "5.a"];

/** As many messages as a run has from asking for the lock on, and some more. */
const messages = { directly: 76, "through a pooler": 110 } as const;
const moments: readonly Moment[] = ["before", "sent", "answered"];
const casesOf = (way: keyof typeof messages) =>
  Array.from({ length: messages[way] }, (_, index) => moments.map((moment) => ({ way, message: index + 1, moment }))).flat();
const directly = casesOf("directly");
const taken = [
  ...matrixCases(directly, { sample: 4 }),
  ...matrixCases(pgbouncer.available ? casesOf("through a pooler") : [], { sample: 3, most: 24 }),
];

let starting: Promise<Pooler> | undefined;
afterAll(async () => (await starting)?.stop());

async function stateOf({ query }: Scene): Promise<unknown> {
  return {
    marks: (await query("select name from marks order by n")).map(({ name }) => name),
    indexes: await query(
      "select indexrelid::regclass::text as name, indisvalid as valid, indisunique as unique from pg_index where indrelid = 'marks'::regclass order by 1",
    ),
    ledger: await query("select id, state from fairlead.migrations order by id"),
    columns: (await query("select attname as name from pg_attribute where attrelid = 'marks'::regclass and attnum > 0")).map(
      ({ name }) => name,
    ),
  };
}

const whole = {
  marks,
  indexes: [
    { name: "marks_m", valid: true, unique: false },
    { name: "marks_name_idx", valid: true, unique: true },
  ],
  ledger: ["1", "2", "3", "4", "5"].map((id) => ({ id, state: "applied" })),
  columns: ["name", "n", "note"],
};

/** Kills a process at one of its messages and has another go on. Answers whether it was killed. */
async function killAt({ way, message, moment }: (typeof taken)[number]): Promise<boolean> {
  const scene = await createScene();
  await scene.write(files);
  const isPooled = way === "through a pooler";
  const url = isPooled ? (await (starting ??= startPooler(scene.url))).through(scene.url) : scene.url;
  const killed: Promise<void>[] = [];
  const relay = await startKillingRelay(url, { message, moment, kill: () => killed.push(runner.kill()) });
  const runner = startRunner({ url: relay.url, folder: scene.folder, deployment: "dep_killed", lease: "1s" });
  const report = await runner.ended;
  await Promise.all(killed);
  await relay.close();
  if (killed.length === 0) expect(report).toEqual({ applied: ["1", "2", "3", "4", "5"] });
  else await scene.apply("expand", isPooled ? (await scene.again({ url })).migrator : scene.migrator);
  expect(await stateOf(scene), `killed ${way} at message ${String(message)}, ${moment}`).toEqual(whole);
  return killed.length > 0;
}

let kills = 0;
/** Each scene keeps a connection until its test ends. */
const portions = Array.from({ length: Math.ceil(taken.length / 20) }, (_, index) => taken.slice(index * 20, (index + 1) * 20));

test.for(portions.map((portion, index) => [index, portion] as const))(
  "a process that is killed anywhere leaves what the next one brings to the same end: portion %i",
  async ([, portion]) => {
    const waiting = [...portion];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (await killAt(next)) kills += 1;
    };
    await Promise.all([work(), work(), work()]);
  },
);

test("enough of them were killed", () => {
  // The last messages may be more than a run has.
  expect(kills).toBeGreaterThanOrEqual(taken.length >= directly.length ? 200 : 1);
});
