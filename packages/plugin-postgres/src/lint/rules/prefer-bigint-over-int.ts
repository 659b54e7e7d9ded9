import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

const types: readonly string[] = ["int4"];

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
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => types.includes(typeText(column.typeName).replace(/\(.*$/, "")))
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type ${typeText(column.typeName)}`,
        at: placeOfType(column),
        mend: (text) =>
          text.replace(/^(?:integer|int4|int|serial4|serial)\b/i, (found) => (/^serial/i.test(found) ? "bigserial" : "bigint")),
      })),
};
