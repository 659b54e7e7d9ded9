import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

export const moneyColumn: Rule = {
  id: "money-column",
  elsewhere: ["pgfence money"],
  concern: "types",
  why: "`money` depends on a setting of the server for its currency and its digits.",
  recipe: "Use `numeric`, or whole cents.",
  examples: {
    bad: "create table a (price money)",
    good: "create table a (price numeric(12, 2))",
  },
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => typeText(column.typeName) === "money")
      .map(({ table, column }) => ({ what: `gives ${table}.${column.colname ?? ""} the type money`, at: placeOfType(column) })),
};
