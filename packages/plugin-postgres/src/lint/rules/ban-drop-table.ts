import type { DropStmt } from "libpg-query";
import { nameOf } from "../../sql/names.js";
import type { Rule } from "../rule.js";

const types: readonly DropStmt["removeType"][] = ["OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"];

export const banDropTable: Rule = {
  id: "ban-drop-table",
  elsewhere: ["squawk ban-drop-table", "strong_migrations drop_table"],
  concern: "compatibility",
  why: "The release before fails at its next query, and the rows are gone.",
  recipe: "Ship a release that no longer uses it, and drop it in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "drop table orders",
    good: "create table scratch (id bigint); drop table scratch",
  },
  check({ node }) {
    if (!("DropStmt" in node) || !types.includes(node.DropStmt.removeType)) return [];
    return (node.DropStmt.objects ?? []).map(nameOf).map((relation) => ({ what: `drops the table ${relation}`, relation }));
  },
};
