import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

export const preferTextField: Rule = {
  id: "prefer-text-field",
  elsewhere: ["squawk prefer-text-field"],
  concern: "types",
  why: "Changing the length of `varchar(n)` later needs the table for itself; `text` with a check does not.",
  recipe: "Use `text`, with a check where the length matters.",
  examples: {
    bad: "create table a (name varchar(20))",
    good: "create table a (name text)",
  },
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => /^varchar\(/.test(typeText(column.typeName)))
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type ${typeText(column.typeName)}`,
        // Nothing mends it: the limit may be meant.
        at: placeOfType(column),
      })),
};
