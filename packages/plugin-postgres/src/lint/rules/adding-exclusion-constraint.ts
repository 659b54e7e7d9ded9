import { constraintsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const addingExclusionConstraint: Rule = {
  id: "adding-exclusion-constraint",
  elsewhere: ["squawk constraint-missing-not-valid", "strong_migrations add_exclusion_constraint", "eugene E8"],
  concern: "locks",
  sized: true,
  why: "An exclusion constraint builds its index while nobody can read or write the table, and there is no way to build it beforehand.",
  recipe: "Add it while the table is small, or when it is made; else keep what it forbids out by a trigger or in the application.",
  examples: {
    bad: "alter table orders add exclude using gist (sku with =)",
    good: "create table rooms (id bigint primary key, during tstzrange, exclude using gist (during with &&))",
  },
  check: ({ node }) =>
    constraintsAdded(node)
      .filter(({ constraint }) => constraint.contype === "CONSTR_EXCLUSION")
      .map(({ table, constraint }) => ({
        what: `builds an exclusion constraint on ${table} under its strongest lock`,
        relation: table,
        at: constraint.location,
      })),
};
