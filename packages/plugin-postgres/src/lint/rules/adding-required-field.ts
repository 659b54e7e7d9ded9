import { isFilled, isRequired } from "../../schema/column.js";
import { columnsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const addingRequiredField: Rule = {
  id: "adding-required-field",
  elsewhere: ["squawk adding-required-field", "strong_migrations add_column"],
  concern: "compatibility",
  why: "It fails where the table has rows, and what the release before inserts fails from then on.",
  recipe: "Give it a default, or add it without `not null`, fill it in a backfill, and require it when nothing older serves.",
  examples: {
    bad: "alter table orders add column note text not null",
    good: "alter table orders add column note text not null default ''",
  },
  check: ({ node }) =>
    columnsAdded(node)
      .filter(({ column }) => isRequired(column) && !isFilled(column))
      .map(({ table, column }) => ({ what: `requires a value in ${table}.${column.colname ?? ""}`, relation: table, at: column.location })),
};
