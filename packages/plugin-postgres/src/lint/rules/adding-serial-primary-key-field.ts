import { constraintsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const addingSerialPrimaryKeyField: Rule = {
  id: "adding-serial-primary-key-field",
  elsewhere: ["squawk adding-serial-primary-key-field", "squawk constraint-missing-not-valid"],
  concern: "locks",
  sized: true,
  why: "A primary key builds its index, and looks at every row, while nobody can read or write the table.",
  recipe: "Build a unique index with `create unique index concurrently`, then `add constraint … primary key using index …`.",
  examples: {
    bad: "alter table orders add primary key (id)",
    good: "alter table orders add constraint orders_key primary key using index orders_id_idx",
  },
  check: ({ node }) =>
    constraintsAdded(node)
      .filter(({ constraint }) => constraint.contype === "CONSTR_PRIMARY" && constraint.indexname === undefined)
      .map(({ table, constraint }) => ({
        what: `builds the index of the primary key of ${table} under its strongest lock`,
        relation: table,
        at: constraint.location,
      })),
};
