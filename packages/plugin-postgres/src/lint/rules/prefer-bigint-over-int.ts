import { columnsOfType } from "../of-type.js";
import type { Rule } from "../rule.js";

export const preferBigintOverInt: Rule = {
  id: "prefer-bigint-over-int",
  elsewhere: ["squawk prefer-bigint-over-int"],
  concern: "types",
  why: "Two thousand million is soon counted, and changing the type later writes the table anew.",
  recipe: "Use `bigint`.",
  examples: {
    bad: "create table a (id int)",
    good: "create table a (id bigint)",
  },
  check: columnsOfType(["int4"], (text) =>
    text.replace(/^(?:integer|int4|int|serial4|serial)\b/i, (found) => (/^serial/i.test(found) ? "bigserial" : "bigint")),
  ),
};
