import { columnsOfType } from "../of-type.js";
import type { Rule } from "../rule.js";

export const preferBigintOverSmallint: Rule = {
  id: "prefer-bigint-over-smallint",
  elsewhere: ["squawk prefer-bigint-over-smallint"],
  concern: "types",
  why: "Thirty-two thousand is soon counted, and changing the type later writes the table anew.",
  recipe: "Use `bigint`.",
  examples: {
    bad: "create table a (id smallint)",
    good: "create table a (id bigint)",
  },
  check: columnsOfType(["int2"], (text) =>
    text.replace(/^(?:smallint|int2|smallserial|serial2)\b/i, (found) => (/serial/i.test(found) ? "bigserial" : "bigint")),
  ),
};
