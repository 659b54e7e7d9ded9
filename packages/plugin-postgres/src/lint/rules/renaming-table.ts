import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const renamingTable: Rule = {
  id: "renaming-table",
  elsewhere: ["squawk renaming-table", "strong_migrations rename_table"],
  concern: "compatibility",
  why: "The release before asks for it by the old name.",
  recipe:
    "Rename it and leave a view of the old name in the same migration (`create view old as select * from new`, which can be written to), and drop the view in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "alter table orders rename to purchases",
    good: "create view purchases as select id from orders",
  },
  check({ node }) {
    if (
      !("RenameStmt" in node) ||
      !["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE"].includes(node.RenameStmt.renameType ?? "")
    )
      return [];
    const relation = nameOfRelation(node.RenameStmt.relation);
    return [{ what: `renames ${relation}`, relation }];
  },
};
