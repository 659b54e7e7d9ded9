import type { KnownSchema } from "../../schema/known-schema.js";
import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const addingNotNullableField: Rule = {
  id: "adding-not-nullable-field",
  elsewhere: ["squawk adding-not-nullable-field", "strong_migrations change_column_null", "eugene E2"],
  concern: "locks",
  sized: true,
  why: "Every row is looked at while nobody can read or write the table.",
  recipe:
    "Add `check (column is not null) not valid`, validate it in a migration of its own, then `set not null`: the server takes the check for proof and looks at nothing.",
  examples: {
    bad: "alter table orders alter column sku set not null",
    good: "alter table orders add constraint sku_there check (sku is not null); alter table orders alter column sku set not null",
  },
  check: ({ node, schema }) =>
    alterationsIn(node, "AT_SetNotNull")
      .filter(({ table, command: { name = "" } }) => !isProven(schema, table, name))
      .map(({ table, command: { name = "" } }) => ({ what: `looks at every row of ${table} for ${name}`, relation: table })),
};

function isProven({ relations }: KnownSchema, table: string, column: string): boolean {
  const known = relations.get(table);
  const constraints = [...(known?.constraints.values() ?? [])];
  return known?.columns.get(column)?.required === true || constraints.some(({ valid, filled }) => valid && filled === column);
}
