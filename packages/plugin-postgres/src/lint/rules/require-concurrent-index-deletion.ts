import { nameOf } from "../../sql/names.js";
import { concurrentDrop } from "../mend.js";
import type { Rule } from "../rule.js";

export const requireConcurrentIndexDeletion: Rule = {
  id: "require-concurrent-index-deletion",
  elsewhere: ["squawk require-concurrent-index-deletion", "strong_migrations remove_index"],
  concern: "locks",
  sized: true,
  why: "Dropping an index needs the table for itself, and waits for every query on it while all others wait behind.",
  recipe: "`drop index concurrently`.",
  examples: {
    bad: "drop index orders_sku",
    good: "drop index concurrently orders_sku",
  },
  check({ node, schema }) {
    if (!("DropStmt" in node) || node.DropStmt.removeType !== "OBJECT_INDEX" || node.DropStmt.concurrent === true) return [];
    return (node.DropStmt.objects ?? []).map(nameOf).map((index) => {
      const relation = schema.indexes.get(index)?.table;
      return {
        what: `drops the index ${index} under its table's strongest lock`,
        mend: concurrentDrop,
        ...(relation === undefined ? {} : { relation }),
      };
    });
  },
};
