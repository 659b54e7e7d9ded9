import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

export const addingJsonColumn: Rule = {
  id: "adding-json-column",
  elsewhere: ["strong_migrations add_column_json", "eugene E3"],
  concern: "types",
  why: "`json` cannot be compared: `select distinct` and `union` of the release before fail.",
  recipe: "Use `jsonb`.",
  examples: {
    bad: "alter table orders add column details json",
    good: "alter table orders add column details jsonb",
  },
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => typeText(column.typeName) === "json")
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type json`,
        at: placeOfType(column),
        mend: (text) => text.replace(/^json\b/i, "jsonb"),
      })),
};
