import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const renamingColumn: Rule = {
  id: "renaming-column",
  elsewhere: ["squawk renaming-column", "strong_migrations rename_column"],
  concern: "compatibility",
  why: "The release before asks for it by the old name.",
  recipe:
    "Add a column of the new name, write both, fill the old rows, read the new one, and drop the old one in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "alter table orders rename column sku to product",
    good: "alter table orders add column product text",
  },
  check({ node }) {
    if (!("RenameStmt" in node) || node.RenameStmt.renameType !== "OBJECT_COLUMN") return [];
    const relation = nameOfRelation(node.RenameStmt.relation);
    return [{ what: `renames ${relation}.${node.RenameStmt.subname ?? ""}`, relation }];
  },
};
