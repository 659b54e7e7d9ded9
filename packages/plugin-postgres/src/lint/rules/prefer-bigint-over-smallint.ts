import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

const types: readonly string[] = ["int2"];

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
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => types.includes(typeText(column.typeName).replace(/\(.*$/, "")))
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type ${typeText(column.typeName)}`,
        at: placeOfType(column),
        mend: (text) =>
          text.replace(/^(?:smallint|int2|smallserial|serial2)\b/i, (found) => (/serial/i.test(found) ? "bigserial" : "bigint")),
      })),
};
