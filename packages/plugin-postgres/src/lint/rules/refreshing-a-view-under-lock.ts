import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const refreshingAViewUnderLock: Rule = {
  id: "refreshing-a-view-under-lock",
  elsewhere: ["pgfence refresh-materialized-view"],
  concern: "locks",
  sized: true,
  why: "Nobody can read the view while it is filled anew.",
  recipe: "`refresh materialized view concurrently`, which needs a unique index on it.",
  examples: {
    bad: "refresh materialized view totals",
    good: "refresh materialized view concurrently totals",
  },
  check({ node, schema }) {
    if (!("RefreshMatViewStmt" in node) || node.RefreshMatViewStmt.concurrent === true) return [];
    const relation = nameOfRelation(node.RefreshMatViewStmt.relation);
    // Without one it is refused, and so is to empty it.
    const canRun =
      node.RefreshMatViewStmt.skipData !== true && [...schema.indexes.values()].some((one) => one.unique && one.table === relation);
    const mend = (text: string): string => text.replace(/^(refresh\s+materialized\s+view)\b/i, "$1 concurrently");
    return [{ what: `fills ${relation} anew while nobody can read it`, relation, ...(canRun ? { mend } : {}) }];
  },
};
