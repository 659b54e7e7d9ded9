import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const triggerOnExistingTable: Rule = {
  id: "trigger-on-existing-table",
  elsewhere: ["strong_migrations execute"],
  concern: "locks",
  sized: true,
  why: "Nobody may write to the table for a moment, and from then on every write runs the function, also for the release before.",
  recipe: "Make sure that the function does no harm to what the release before writes, and keep it short.",
  examples: {
    bad: "create trigger orders_audit after insert on orders for each row execute function audit()",
    good: "create table reviews (id bigint); create trigger reviews_audit after insert on reviews for each row execute function audit()",
  },
  check({ node }) {
    if (!("CreateTrigStmt" in node)) return [];
    const relation = nameOfRelation(node.CreateTrigStmt.relation);
    return [{ what: `runs a function at every write to ${relation}`, relation }];
  },
};
