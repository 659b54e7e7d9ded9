import { matrixCases, postgresVersion } from "@fairlead/test-support";
import type pg from "pg";
import { expect, test } from "vitest";
import { parseMigration } from "../src/folder/migration-file.js";
import { readKnownSchema } from "../src/schema/read-known.js";
import { findBreaks } from "../src/survival/find-breaks.js";
import { useServer } from "./support/scene.js";
import { oldCode, shop } from "./support/survival/shop.js";
import { operations, type Operation } from "./support/survival/operations.js";

const { createScene } = useServer();

type Answers = readonly (string | readonly object[])[];

/** What each statement answers, or how it is refused; as the application, and taken back one by one. */
async function run(client: pg.Client, statements: readonly string[]): Promise<Answers> {
  const answers: (string | readonly object[])[] = [];
  await client.query("set local role shop_app");
  for (const statement of statements) {
    await client.query("savepoint one");
    const answer = await client.query<Record<string, unknown>>(statement).then(
      ({ rows }) => rows,
      (error: unknown) => `refused: ${String(error)}`,
    );
    answers.push(answer);
    await client.query("rollback to one");
  }
  await client.query("reset role");
  return answers;
}

/** Whether something that was answered before is answered no more: rows may be more and have more columns. */
function lacks(before: Answers[number] = [], after: Answers[number] = [], { changesValues }: Operation): boolean {
  if (typeof before === "string") return false;
  if (typeof after === "string") return true;
  if (changesValues === true) return before.length > after.length;
  const known = after.map(plain);
  return !before
    .map(plain)
    .every((row) => known.some((other) => row.every(([name, value]) => other.some((one) => one[0] === name && one[1] === value))));
}

/** A row as names and texts. */
function plain(row: object): readonly (readonly [name: string, value: string])[] {
  return Object.entries(row).map(([name, value]: [string, unknown]) => [name, JSON.stringify(value)]);
}

/** What the code before cannot do any more after an operation, once the new code has written too; `undefined` where the server refuses the operation. */
async function breakage(client: pg.Client, before: Answers, operation: Operation): Promise<readonly string[] | undefined> {
  const { sql, newCode = [] } = operation;
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("set constraints all immediate");
    for (const statement of newCode) await client.query(statement);
    const after = await run(client, oldCode);
    // Back to the new release: it still works, too.
    for (const statement of newCode.filter((one) => !one.startsWith("insert"))) await client.query(statement);
    return oldCode.filter((_, index) => lacks(before[index], after[index], operation));
  } catch (error) {
    if (newCode.length > 0) throw error;
    return undefined;
  } finally {
    await client.query("rollback");
  }
}

/** Whatever the server would let pass. */
const takesAway =
  /\b(?:drop (?:column|table|view|materialized view|type|domain|function|sequence|schema|default|identity|attribute)|rename|set not null)\b|add column \w+ \w+ not null$/;
const takesNothing = /if exists nothing|alter index|alter column email set not null/;

test("what is said to be code-only is survived by the code before, on a real server; what drops, renames or requires never is", async () => {
  const { connect } = await createScene();
  const client = await connect();
  await client.query(shop);
  const schema = await readKnownSchema({ ask: async <Row extends pg.QueryResultRow>(sql: string) => (await client.query<Row>(sql)).rows });
  const cases = matrixCases(operations, { sample: 60 });
  await client.query("begin");
  const before = await run(client, oldCode);
  await client.query("rollback");
  expect(before.filter((answer) => typeof answer === "string")).toEqual([]);
  const counts = { proved: 0, survived: 0, broken: 0, cautious: 0 };
  const wrong: string[] = [];
  const cautious: string[] = [];
  for (const operation of cases) {
    const { compatibility } = await findBreaks([parseMigration("1", "1.sql", Buffer.from(operation.sql))], schema);
    const said = compatibility.get("1");
    const broken = await breakage(client, before, operation);
    if (broken === undefined) {
      // What cannot run breaks nothing.
      if (said === "code-only") continue;
      counts.cautious += 1;
      continue;
    }
    if (said === "code-only" && takesAway.test(operation.sql) && !takesNothing.test(operation.sql)) wrong.push(operation.sql);
    counts.proved += 1;
    if (broken.length > 0) counts.broken += 1;
    else counts.survived += 1;
    if (said === "code-only" && broken.length > 0) wrong.push(`${operation.sql}\n    breaks ${broken.join("; ")}`);
    if (said !== "code-only" && broken.length === 0) cautious.push(operation.sql);
  }
  console.log(
    `PostgreSQL ${String(postgresVersion)}: ${String(counts.proved)} operations proved: the code before survives ${String(counts.survived)}, not ${String(counts.broken)}; wrong ${String(wrong.length)}, more careful than needed ${String(cautious.length)}`,
    cautious.join("\n"),
  );
  expect(wrong).toEqual([]);
  expect(counts.proved).toBeGreaterThanOrEqual(cases.length === operations.length ? 120 : 40);
  expect(cautious.length).toBeLessThanOrEqual(30);
});
