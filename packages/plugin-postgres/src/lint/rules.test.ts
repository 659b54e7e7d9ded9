import { describe, expect, test } from "vitest";
import { newSchema } from "../schema/known-schema.js";
import { learn } from "../schema/learn.js";
import { outsideTransaction } from "../sql/outside-transaction.js";
import { loadParser } from "../sql/parser.js";
import type { Script } from "../sql/script.js";
import { allRules } from "./all-rules.js";
import { lintScript, type LintFinding } from "./lint-script.js";
import type { Rule } from "./rule.js";

/** What is there before an example runs. */
const before = `
  create table orders (id bigint primary key, sku text, total numeric(10, 2), a int, b int, c int, d int);
  create table products (sku text primary key);
  create materialized view totals as select count(*) from orders;
  create table days (day date) partition by range (day);
  create table monday partition of days for values from ('2026-01-05') to ('2026-01-06');
  create type mood as enum ('glad', 'sad')`;

async function read(text: string): Promise<Script> {
  const script = (await loadParser()).read(text);
  if ("problem" in script) throw new Error(`${text}: ${script.problem.message}`);
  return script;
}

/** What a rule says about each statement of a text. */
async function findingsOf(rule: Rule, text: string): Promise<readonly (readonly LintFinding[])[]> {
  const schema = newSchema({ complete: false });
  for (const { node } of (await read(before)).statements) learn(schema, node);
  const script = await read(text);
  const transaction = !script.statements.some(({ node }) => outsideTransaction(node) !== undefined);
  return lintScript({ parser: await loadParser(), text, script, schema, rules: [rule], transaction }).statements.map(
    ({ findings }) => findings,
  );
}

describe.each(allRules.map((rule) => [rule.id, rule] as const))("%s", (_, rule) => {
  test("finds what is bad, in the last statement of its example", async () => {
    expect((await findingsOf(rule, rule.examples.bad)).at(-1)).not.toEqual([]);
  });

  test("has nothing against what is good", async () => {
    expect((await findingsOf(rule, rule.examples.good)).flat()).toEqual([]);
  });

  test("has nothing against what it has mended", async () => {
    for (const { fix } of (await findingsOf(rule, rule.examples.bad)).flat()) {
      if (fix === undefined) continue;
      const mended = rule.examples.bad.slice(0, fix.start) + fix.text + rule.examples.bad.slice(fix.end);
      expect((await findingsOf(rule, mended)).flat()).toEqual([]);
    }
  });
});

test("the ids of the rules are their own", () => {
  expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
});
