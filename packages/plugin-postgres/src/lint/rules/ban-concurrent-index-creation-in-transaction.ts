import type { Rule } from "../rule.js";

export const banConcurrentIndexCreationInTransaction: Rule = {
  id: "ban-concurrent-index-creation-in-transaction",
  elsewhere: ["squawk ban-concurrent-index-creation-in-transaction", "eugene E6"],
  concern: "transactions",
  why: "The server refuses `concurrently` in a transaction.",
  recipe: "Leave out `begin` and `commit`: Fairlead runs the statement outside of a transaction by itself.",
  examples: {
    bad: "begin; create index concurrently orders_sku on orders (sku)",
    good: "create index concurrently orders_sku on orders (sku)",
  },
  check({ node, earlier }) {
    const concurrent =
      ("IndexStmt" in node && node.IndexStmt.concurrent === true) || ("DropStmt" in node && node.DropStmt.concurrent === true);
    const opened = earlier.findLastIndex(
      (one) =>
        "TransactionStmt" in one && (one.TransactionStmt.kind === "TRANS_STMT_BEGIN" || one.TransactionStmt.kind === "TRANS_STMT_START"),
    );
    const ended = earlier.findLastIndex((one) => "TransactionStmt" in one && one.TransactionStmt.kind === "TRANS_STMT_COMMIT");
    return concurrent && opened > ended ? [{ what: "cannot run in the transaction that the file begins" }] : [];
  },
};
