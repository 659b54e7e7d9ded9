import { matrixCases, postgresVersion } from "@fairlead/test-support";
import type pg from "pg";
import { expect, test } from "vitest";
import { predictLocks, type StatementEffects } from "../src/locks/predict-locks.js";
import { newSchema, type KnownSchema } from "../src/schema/known-schema.js";
import { learn } from "../src/schema/learn.js";
import { readKnownSchema } from "../src/schema/read-known.js";
import { changes } from "./layouts/changes.js";
import { observeLocks, observeWaiting, type Observed } from "./support/locks/observe-locks.js";
import { readStatements } from "./support/locks/read-statements.js";
import { stage } from "./support/locks/stage.js";
import { lockStatements, lockStatementsOutside } from "./support/locks/statements.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

async function learnt(client: pg.Client): Promise<KnownSchema> {
  const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
  const schema = newSchema({ complete: true, version: rows[0]?.version ?? 0 });
  for (const { node } of await readStatements(stage)) learn(schema, node);
  return schema;
}

function read(client: pg.Client): Promise<KnownSchema> {
  return readKnownSchema({ ask: async <Row extends pg.QueryResultRow>(sql: string) => (await client.query<Row>(sql)).rows });
}

async function predict(sql: string, schema: KnownSchema): Promise<StatementEffects> {
  const [statement, ...others] = await readStatements(sql);
  if (statement === undefined || others.length > 0) throw new Error(`${sql} is not one statement`);
  return predictLocks(statement.node, schema);
}

function inWords({ locks, rewrites }: Observed): string {
  const held = [...locks].map(([relation, mode]) => `${relation}: ${mode}`).sort();
  return [...held, ...[...rewrites].sort().map((relation) => `${relation} rewritten`)].join(", ");
}

test.for(["from the statements that made it", "from the catalog"])(
  "locks and rewrites of a statement are those that it holds and does, where the schema is known %s",
  async (source) => {
    const { connect } = await createScene();
    const client = await connect();
    await client.query("set timezone to 'Europe/Berlin'");
    await client.query(stage);
    const schema = source === "from the catalog" ? await read(client) : await learnt(client);
    const cases = matrixCases(lockStatements, { sample: 100 });
    const differences: string[] = [];
    let compared = 0;
    for (const sql of cases) {
      const observed = await observeLocks(client, sql);
      if (observed === undefined) continue;
      compared += 1;
      const [predicted, seen] = [inWords(await predict(sql, schema)), inWords(observed)];
      if (predicted !== seen) differences.push(`${sql}\n  predicted ${predicted}\n  observed  ${seen}`);
    }
    console.log(
      `PostgreSQL ${String(postgresVersion)}, ${source}: ${String(compared - differences.length)} of ${String(compared)} statements are predicted exactly`,
    );
    expect(compared).toBeGreaterThanOrEqual(cases.length === lockStatements.length ? 500 : 50);
    expect(differences.length / compared, differences.join("\n")).toBeLessThanOrEqual(0.01);
  },
);

test("the same holds for the statements of migrations, each behind those before it", async () => {
  const { connect } = await createScene();
  const client = await connect();
  const differences: string[] = [];
  let compared = 0;
  for (const { up, alone } of changes) {
    for (const sql of up) {
      if (alone !== true) {
        const schema = await read(client);
        const observed = await observeLocks(client, sql);
        const [predicted, seen] = [inWords(await predict(sql, schema)), observed === undefined ? "refused" : inWords(observed)];
        compared += 1;
        if (predicted !== seen) differences.push(`${sql}\n  predicted ${predicted}\n  observed  ${seen}`);
      }
      await client.query(sql);
    }
  }
  console.log(
    `PostgreSQL ${String(postgresVersion)}, migrations: ${String(compared - differences.length)} of ${String(compared)} statements are predicted exactly`,
  );
  expect(compared).toBeGreaterThanOrEqual(40);
  expect(differences).toEqual([]);
});

test("what cannot run in a transaction asks for the locks that are predicted", async () => {
  const { connect } = await createScene();
  const [own, other] = [await connect(), await connect()];
  await own.query(stage);
  const schema = await learnt(own);
  for (const { sql, behind } of lockStatementsOutside) {
    const seen = await observeWaiting({ own, other }, { sql, behind });
    const table = behind.split(" ")[0] ?? "";
    expect({ sql, mode: (await predict(sql, schema)).locks.get(table) }).toEqual({ sql, mode: seen.get(table) });
  }
});
