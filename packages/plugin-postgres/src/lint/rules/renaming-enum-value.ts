import { joined } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const renamingEnumValue: Rule = {
  id: "renaming-enum-value",
  elsewhere: ["strong_migrations rename_enum_value"],
  concern: "compatibility",
  why: "The release before still writes and compares the old value.",
  recipe: "Add the new value, write it from the new release on, change the rows, and leave the old one.",
  examples: {
    bad: "alter type mood rename value 'glad' to 'happy'",
    good: "alter type mood add value 'happy' after 'glad'",
  },
  check: ({ node }) =>
    "AlterEnumStmt" in node && node.AlterEnumStmt.oldVal !== undefined
      ? [{ what: `renames a value of ${joined(node.AlterEnumStmt.typeName)}` }]
      : [],
};
