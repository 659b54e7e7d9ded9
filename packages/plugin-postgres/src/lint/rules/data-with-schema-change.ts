import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const dataWithSchemaChange: Rule = {
  id: "data-with-schema-change",
  elsewhere: ["strong_migrations backfill advice"],
  concern: "locks",
  sized: true,
  why: "Rows that are changed stay locked until the transaction ends, and all of them in one statement is one long transaction.",
  recipe: "Move the data in a file of its own that says `-- fairlead: backfill`, in batches.",
  examples: {
    bad: "update orders set sku = upper(sku)",
    good: "update orders set sku = upper(sku) where id between 1 and 1000",
  },
  check({ node }) {
    const relation =
      "UpdateStmt" in node && node.UpdateStmt.whereClause === undefined
        ? node.UpdateStmt.relation
        : "DeleteStmt" in node && node.DeleteStmt.whereClause === undefined
          ? node.DeleteStmt.relation
          : undefined;
    if (relation === undefined) return [];
    const name = nameOfRelation(relation);
    return [{ what: `changes every row of ${name} in one transaction`, relation: name }];
  },
};
