import type { Rule } from "../rule.js";

export const banDropDatabase: Rule = {
  id: "ban-drop-database",
  elsewhere: ["squawk ban-drop-database"],
  concern: "compatibility",
  why: "All of it is gone, with whatever else uses it.",
  recipe: "Drop databases by hand, with a backup at hand.",
  examples: {
    bad: "drop database shop",
    good: "create schema shop",
  },
  check: ({ node }) => ("DropdbStmt" in node ? [{ what: `drops the database ${node.DropdbStmt.dbname ?? ""}` }] : []),
};
