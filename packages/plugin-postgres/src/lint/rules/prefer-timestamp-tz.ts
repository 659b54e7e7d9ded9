import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

const types: readonly string[] = ["timestamp"];

export const preferTimestampTz: Rule = {
  id: "prefer-timestamp-tz",
  elsewhere: ["squawk prefer-timestamp-tz"],
  concern: "types",
  why: "A time without its zone means another moment to whoever has another zone.",
  recipe: "Use `timestamptz`.",
  examples: {
    bad: "create table a (at timestamp)",
    good: "create table a (at timestamptz)",
  },
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => types.includes(typeText(column.typeName).replace(/\(.*$/, "")))
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type ${typeText(column.typeName)}`,
        at: placeOfType(column),
        mend: (text) => text.replace(/^timestamp(?:\s*(\(\s*\d+\s*\)))?(?:\s+without\s+time\s+zone)?/i, "timestamptz$1"),
      })),
};
