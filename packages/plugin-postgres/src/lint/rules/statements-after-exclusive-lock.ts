import type { Node } from "libpg-query";
import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const statementsAfterExclusiveLock: Rule = {
  id: "statements-after-exclusive-lock",
  elsewhere: ["eugene E4"],
  concern: "locks",
  sized: true,
  why: "A lock is held until the transaction ends: everything behind it keeps everybody waiting for longer.",
  recipe: "Put the statement that needs the table for itself last, or into a file of its own.",
  examples: {
    bad: "alter table orders add column note text; create index orders_note on orders (note)",
    good: "alter table orders add column note text",
  },
  check({ node, effects, transaction, held }) {
    const relation = [...held].find(([, mode]) => mode === "AccessExclusive")?.[0];
    if (!transaction || relation === undefined) return [];
    const costly =
      "IndexStmt" in node ||
      "UpdateStmt" in node ||
      "DeleteStmt" in node ||
      ("InsertStmt" in node && node.InsertStmt.selectStmt !== undefined && !isValues(node.InsertStmt.selectStmt)) ||
      effects.rewrites.length > 0 ||
      alterationsIn(node, "AT_ValidateConstraint").length > 0;
    return costly ? [{ what: `runs while nobody can read or write ${relation}`, relation }] : [];
  },
};

function isValues(node: Node): boolean {
  return "SelectStmt" in node && node.SelectStmt.valuesLists !== undefined;
}
