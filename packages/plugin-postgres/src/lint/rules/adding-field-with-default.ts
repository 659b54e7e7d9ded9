import { columnsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const addingFieldWithDefault: Rule = {
  id: "adding-field-with-default",
  elsewhere: [
    "squawk adding-field-with-default",
    "strong_migrations add_column_default",
    "strong_migrations add_column_generated_stored",
    "strong_migrations add_column_auto_incrementing",
    "eugene E11",
  ],
  concern: "locks",
  sized: true,
  why: "A value that differs from row to row, or is computed and stored, has to be written into every row while nobody can read or write the table.",
  recipe:
    "Add the column without a default, set the default for new rows in a second statement, and fill the old rows in batches in a backfill.",
  examples: {
    bad: "alter table orders add column token uuid default gen_random_uuid()",
    good: "alter table orders add column token uuid; alter table orders alter column token set default gen_random_uuid()",
  },
  check: ({ node, effects }) =>
    columnsAdded(node)
      .filter(({ table }) => effects.rewrites.includes(table))
      .map(({ table, column }) => ({ what: `fills ${table}.${column.colname ?? ""} in every row`, relation: table, at: column.location })),
};
