import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const movingToAnotherSchema: Rule = {
  id: "moving-to-another-schema",
  elsewhere: ["strong_migrations execute"],
  concern: "compatibility",
  why: "The release before asks for it where it was.",
  recipe:
    "Leave a view where it was (`create view old.orders as select * from new.orders`), and drop that in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "alter table orders set schema archive",
    good: "create table archive.orders (id bigint)",
  },
  check({ node }) {
    if (!("AlterObjectSchemaStmt" in node) || node.AlterObjectSchemaStmt.relation === undefined) return [];
    const relation = nameOfRelation(node.AlterObjectSchemaStmt.relation);
    return [{ what: `moves ${relation} to another schema`, relation }];
  },
};
