import type { KnownSchema } from "../../schema/known-schema.js";
import { textOf } from "../../sql/names.js";
import { constraintsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const foreignKeyWithoutIndex: Rule = {
  id: "foreign-key-without-index",
  elsewhere: ["eugene E15", "strong_migrations add_reference"],
  concern: "locks",
  sized: true,
  why: "Deleting a row, or changing its key, looks for rows that point to it: without an index that reads all of them.",
  recipe: "Build an index on the columns of the foreign key first, with `create index concurrently`.",
  examples: {
    bad: "alter table orders add constraint orders_sku foreign key (sku) references products not valid",
    good: "create index orders_sku on orders (sku); alter table orders add constraint orders_sku foreign key (sku) references products not valid",
  },
  check: ({ node, schema }) =>
    constraintsAdded(node)
      .filter(({ constraint }) => constraint.contype === "CONSTR_FOREIGN")
      .filter(
        ({ table, constraint, column }) =>
          !hasIndex(schema, table, constraint.fk_attrs === undefined ? (column ?? "") : (constraint.fk_attrs.map(textOf)[0] ?? "")),
      )
      .map(({ table, constraint }) => ({
        what: `points from ${table}, which has no index for it`,
        relation: table,
        at: constraint.location,
      })),
};

function hasIndex({ indexes }: KnownSchema, table: string, column: string): boolean {
  return [...indexes.values()].some((index) => index.table === table && index.columns[0] === column);
}
