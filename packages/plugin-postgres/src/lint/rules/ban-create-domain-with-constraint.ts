import { joined } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const banCreateDomainWithConstraint: Rule = {
  id: "ban-create-domain-with-constraint",
  elsewhere: ["squawk ban-create-domain-with-constraint"],
  concern: "types",
  why: "A check of a domain cannot be added `not valid` without holding all tables that use it against it.",
  recipe: "Use the type itself, with a check on the table.",
  examples: {
    bad: "create domain price as numeric check (value >= 0)",
    good: "create domain price as numeric",
  },
  check: ({ node }) =>
    "CreateDomainStmt" in node &&
    (node.CreateDomainStmt.constraints ?? []).some((one) => "Constraint" in one && one.Constraint.contype === "CONSTR_CHECK")
      ? [{ what: `restricts the domain ${joined(node.CreateDomainStmt.domainname)}` }]
      : [],
};
