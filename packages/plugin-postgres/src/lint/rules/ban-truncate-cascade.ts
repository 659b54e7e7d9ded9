import type { Rule } from "../rule.js";

export const banTruncateCascade: Rule = {
  id: "ban-truncate-cascade",
  elsewhere: ["squawk ban-truncate-cascade"],
  concern: "compatibility",
  why: "All tables that point to it are emptied as well, however far.",
  recipe: "Name every table that is to be emptied.",
  examples: {
    bad: "truncate orders cascade",
    good: "truncate table orders, reviews",
  },
  check: ({ node }) =>
    "TruncateStmt" in node && node.TruncateStmt.behavior === "DROP_CASCADE" ? [{ what: "empties tables that it does not name" }] : [],
};
