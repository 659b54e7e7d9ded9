import { constraintsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const unnamedConstraint: Rule = {
  id: "unnamed-constraint",
  elsewhere: ["Atlas NM"],
  concern: "names",
  why: "The server makes a name up; dropping it later needs to know which.",
  recipe: "Name it: `constraint … check (…)`.",
  examples: {
    bad: "alter table orders add check (total >= 0) not valid",
    good: "alter table orders add constraint paid check (total >= 0) not valid",
  },
  check: ({ node }) =>
    constraintsAdded(node)
      .filter(
        ({ constraint, column }) =>
          column === undefined &&
          constraint.conname === undefined &&
          constraint.indexname === undefined &&
          constraint.contype !== "CONSTR_PRIMARY",
      )
      .map(({ constraint }) => ({ what: "adds a constraint without a name", at: constraint.location })),
};
