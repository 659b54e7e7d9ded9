import { constraintsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const disallowedUniqueConstraint: Rule = {
  id: "disallowed-unique-constraint",
  elsewhere: [
    "squawk disallowed-unique-constraint",
    "squawk constraint-missing-not-valid",
    "strong_migrations add_unique_constraint",
    "eugene E7",
  ],
  concern: "locks",
  sized: true,
  why: "A unique constraint builds its index while nobody can read or write the table.",
  recipe: "Build a unique index with `create unique index concurrently`, then `add constraint … unique using index …`.",
  examples: {
    bad: "alter table orders add constraint orders_sku unique (sku)",
    good: "alter table orders add constraint orders_sku unique using index orders_sku_idx",
  },
  check: ({ node }) =>
    constraintsAdded(node)
      .filter(({ constraint }) => constraint.contype === "CONSTR_UNIQUE" && constraint.indexname === undefined)
      .map(({ table, constraint }) => ({
        what: `builds a unique index on ${table} under its strongest lock`,
        relation: table,
        at: constraint.location,
      })),
};
