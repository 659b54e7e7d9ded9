import { nameOfRelation } from "../../sql/names.js";
import { columnsAdded, constraintsAdded, constraintsOf } from "../look.js";
import { notValid } from "../mend.js";
import type { Rule } from "../rule.js";

export const addingForeignKeyConstraint: Rule = {
  id: "adding-foreign-key-constraint",
  elsewhere: [
    "squawk adding-foreign-key-constraint",
    "squawk constraint-missing-not-valid",
    "strong_migrations add_foreign_key",
    "strong_migrations add_reference",
    "eugene E1",
  ],
  concern: "locks",
  sized: true,
  why: "Every row is looked up in the other table while nobody can write to either of the two.",
  recipe:
    "Add it `not valid`, which holds for what is written from now on, and validate it in a migration of its own: that only keeps other changes of the structure waiting.",
  examples: {
    bad: "alter table orders add constraint orders_sku foreign key (sku) references products",
    good: "alter table orders add constraint orders_sku foreign key (sku) references products not valid",
  },
  check: ({ node }) =>
    constraintsAdded(node)
      .filter(({ constraint }) => constraint.contype === "CONSTR_FOREIGN" && constraint.skip_validation !== true)
      // In a new column without a default there is nothing to look up.
      .filter(
        ({ column }) =>
          column === undefined ||
          columnsAdded(node).some(
            (one) => one.column.colname === column && constraintsOf(one.column).some(({ contype }) => contype === "CONSTR_DEFAULT"),
          ),
      )
      .map(({ table, constraint, column }) => ({
        what: `looks every row of ${table} up in ${nameOfRelation(constraint.pktable)}`,
        relation: table,
        at: constraint.location,
        ...(column === undefined ? { mend: notValid } : {}),
      })),
};
