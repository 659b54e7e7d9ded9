import type { Rule } from "../rule.js";

export const transactionNesting: Rule = {
  id: "transaction-nesting",
  elsewhere: ["squawk transaction-nesting", "squawk ban-uncommitted-transaction"],
  concern: "transactions",
  why: "Every file has a transaction of its own: what it begins is ignored, and what it ends stays when the rest fails.",
  recipe: "Leave out `begin`, `commit` and `rollback`.",
  examples: {
    bad: "begin; select 1; commit",
    good: "select 1",
  },
  check: ({ node }) => ("TransactionStmt" in node ? [{ what: "begins or ends a transaction" }] : []),
};
