import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const rowSecurityOnExistingTable: Rule = {
  id: "row-security-on-existing-table",
  elsewhere: ["strong_migrations execute"],
  concern: "compatibility",
  why: "Rows that no policy shows are gone for every role that does not own the table, also for the release before.",
  recipe: "Create the policies first, in a release whose role they let through.",
  examples: {
    bad: "alter table orders enable row level security",
    good: "create table notes (id bigint); alter table notes enable row level security",
  },
  check: ({ node }) =>
    [...alterationsIn(node, "AT_EnableRowSecurity"), ...alterationsIn(node, "AT_ForceRowSecurity")].map(({ table }) => ({
      what: `hides rows of ${table}`,
      relation: table,
    })),
};
