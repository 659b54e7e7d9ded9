import { matrixCases, pgbouncer, requireService } from "@fairlead/test-support";
import { isFairleadError } from "@fairlead/core";
import { afterAll, expect, test } from "vitest";
import { startPooler, type Pooler } from "./support/pooler.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

const crew = 8;
/** How the runners come to the server. */
const ways = [
  ...Array.from({ length: 50 }, () => "directly"),
  ...Array.from({ length: 25 }, () => "through a pooler"),
  ...Array.from({ length: 25 }, () => "both ways"),
];
const rounds = matrixCases(
  ways.map((way, round) => ({ way, round })),
  { sample: 3, most: 40 },
);

let starting: Promise<Pooler> | undefined;
afterAll(async () => (await starting)?.stop());

async function addressOf(way: string, url: string, runner: number): Promise<string> {
  if (way === "directly" || (way === "both ways" && runner % 2 === 0)) return url;
  starting ??= startPooler(url);
  return (await starting).through(url);
}

const files = {
  "1.sql": "create table marks (name text, n int);\ninsert into marks values ('1', 1);",
  "2.sql": "insert into marks values ('2', 2);",
  "3.sql": "create index concurrently marks_n on marks (n);\ninsert into marks values ('3', 3);",
  "4.sql": "create unique index concurrently if not exists marks_name on marks (name);",
};

/** The failing step comes in every other round; then nothing behind it runs. */
const failing = { "5.sql": "insert into marks values ('5', 5);\nselect 1 / 0;", "6.sql": "insert into marks values ('6', 6);" };
const working = { "5.sql": "insert into marks values ('5', 5);", "6.sql": "insert into marks values ('6', 6);" };

test.for(rounds)(
  "eight runners at once, $way, round $round: every migration exactly once, and all report the same",
  async ({ way, round }, context) => {
    if (way !== "directly") requireService(context, pgbouncer);
    const isFailing = round % 2 === 1;
    const scene = await createScene();
    await scene.write({ ...files, ...(isFailing ? failing : working) });
    const runners = await Promise.all(
      Array.from({ length: crew }, async (_, runner) => scene.again({ url: await addressOf(way, scene.url, runner) })),
    );
    // All of them have seen the same plan before any begins.
    const { pending } = await scene.migrator.plan(scene.call());
    const reports = await Promise.all(
      runners.map(({ migrator }) =>
        migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, scene.call()).then(
          ({ applied }) => ({ applied: applied.map(({ id }) => id), failed: undefined }),
          (error: unknown) => ({ applied: [], failed: isFairleadError(error) ? `${error.code}: ${error.message}` : String(error) }),
        ),
      ),
    );
    const applied = reports.flatMap((report) => report.applied);
    const failures = new Set(reports.map(({ failed }) => failed));
    if (isFailing) {
      expect([...failures]).toEqual([expect.stringMatching(/^POSTGRES_MIGRATION_FAILED: .+5\.sql:2:1: division by zero/)]);
    } else {
      expect([...failures]).toEqual([undefined]);
      expect(applied.sort()).toEqual(["1", "2", "3", "4", "5", "6"]);
    }
    expect((await scene.query("select name from marks order by n")).map(({ name }) => name)).toEqual(
      isFailing ? ["1", "2", "3"] : ["1", "2", "3", "5", "6"],
    );
    expect(
      await scene.query(
        "select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 'marks'::regclass order by 1",
      ),
    ).toEqual([
      { name: "marks_n", valid: true },
      { name: "marks_name", valid: true },
    ]);
    expect(await scene.query("select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()")).toEqual([
      { deadlocks: 0 },
    ]);
    expect(await scene.query("select id from fairlead.migrations where state = 'applied' order by id")).toHaveLength(isFailing ? 4 : 6);
  },
);
