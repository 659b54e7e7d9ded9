import type { Rule } from "../rule.js";

export const preferRobustStmts: Rule = {
  id: "prefer-robust-stmts",
  elsewhere: ["squawk prefer-robust-stmts"],
  concern: "transactions",
  why: "A statement outside of a transaction that is cut off may have taken effect all the same, and fails when it runs again.",
  recipe: "Say `if not exists` or `if exists`.",
  examples: {
    bad: "create index concurrently orders_sku on orders (sku)",
    good: "create index concurrently if not exists orders_sku on orders (sku)",
  },
  check({ node, transaction }) {
    if (transaction) return [];
    if ("IndexStmt" in node && node.IndexStmt.if_not_exists !== true && node.IndexStmt.idxname !== undefined)
      return [{ what: "fails where it has run already", mend: (text) => text.replace(/\bindex(\s+concurrently)?\b/i, "$& if not exists") }];
    return "DropStmt" in node && node.DropStmt.missing_ok !== true && node.DropStmt.removeType === "OBJECT_INDEX"
      ? [{ what: "fails where it has run already", mend: (text) => text.replace(/\bindex(\s+concurrently)?\b/i, "$& if exists") }]
      : [];
  },
};
