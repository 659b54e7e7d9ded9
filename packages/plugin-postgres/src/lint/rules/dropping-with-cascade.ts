import type { Rule } from "../rule.js";

export const droppingWithCascade: Rule = {
  id: "dropping-with-cascade",
  elsewhere: ["Atlas DS101"],
  concern: "compatibility",
  why: "Whatever depends on it is gone as well, named nowhere.",
  recipe: "Drop what depends on it by name first.",
  examples: {
    bad: "drop table orders cascade",
    good: "create table scratch (id bigint); drop table scratch",
  },
  check: ({ node }) => ("DropStmt" in node && node.DropStmt.behavior === "DROP_CASCADE" ? [{ what: "drops what it does not name" }] : []),
};
