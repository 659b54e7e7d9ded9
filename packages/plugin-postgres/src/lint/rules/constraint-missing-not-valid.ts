import type { Node } from "libpg-query";
import { alterationsIn, constraintsAdded } from "../look.js";
import { notValid } from "../mend.js";
import type { Rule } from "../rule.js";

export const constraintMissingNotValid: Rule = {
  id: "constraint-missing-not-valid",
  elsewhere: [
    "squawk constraint-missing-not-valid",
    "strong_migrations add_check_constraint",
    "strong_migrations validate_check_constraint",
    "strong_migrations validate_foreign_key",
    "eugene E1",
  ],
  concern: "locks",
  sized: true,
  why: "Every row is held against the check while nobody can read or write the table. Validating in the transaction that added it keeps that lock as well.",
  recipe: "Add it `not valid`, and `validate constraint` in a migration of its own.",
  examples: {
    bad: "alter table orders add constraint paid check (total >= 0)",
    good: "alter table orders add constraint paid check (total >= 0) not valid",
  },
  check: ({ node, transaction, earlier }) => [
    ...constraintsAdded(node)
      .filter(
        ({ constraint, column }) => column === undefined && constraint.contype === "CONSTR_CHECK" && constraint.skip_validation !== true,
      )
      .map(({ table, constraint }) => ({
        what: `holds every row of ${table} against a check`,
        relation: table,
        at: constraint.location,
        mend: notValid,
      })),
    ...alterationsIn(node, "AT_ValidateConstraint")
      .filter(({ table, command }) => transaction && earlier.some((one) => adds(one, table, command.name)))
      .map(({ table, command }) => ({ what: `validates ${command.name ?? ""} under the lock that added it`, relation: table })),
  ],
};

function adds(node: Node, table: string, name: string | undefined): boolean {
  return constraintsAdded(node).some((one) => one.table === table && one.constraint.conname === name);
}
