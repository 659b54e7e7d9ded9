import { joined } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const banAlterDomainWithAddConstraint: Rule = {
  id: "ban-alter-domain-with-add-constraint",
  elsewhere: ["squawk ban-alter-domain-with-add-constraint"],
  concern: "types",
  why: "All tables that use the domain are held against the check, under their locks.",
  recipe: "Add the check to the tables, `not valid`, and validate it there.",
  examples: {
    bad: "alter domain price add check (value >= 0)",
    good: "alter domain price set default 0",
  },
  check: ({ node }) =>
    "AlterDomainStmt" in node && node.AlterDomainStmt.subtype === "C"
      ? [{ what: `restricts the domain ${joined(node.AlterDomainStmt.typeName)}` }]
      : [],
};
