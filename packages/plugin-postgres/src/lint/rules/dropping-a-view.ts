import type { DropStmt } from "libpg-query";
import { nameOf } from "../../sql/names.js";
import type { Rule } from "../rule.js";

const types: readonly DropStmt["removeType"][] = ["OBJECT_VIEW", "OBJECT_MATVIEW"];

export const droppingAView: Rule = {
  id: "dropping-a-view",
  elsewhere: ["strong_migrations drop_view"],
  concern: "compatibility",
  why: "The release before fails at its next query.",
  recipe: "Ship a release that no longer uses it, and drop it in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "drop view totals",
    good: "create view sums as select 1 as one; drop view sums",
  },
  check({ node }) {
    if (!("DropStmt" in node) || !types.includes(node.DropStmt.removeType)) return [];
    return (node.DropStmt.objects ?? []).map(nameOf).map((relation) => ({ what: `drops the view ${relation}`, relation }));
  },
};
