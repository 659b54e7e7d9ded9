import type { Rule } from "../rule.js";

export const renamingSchema: Rule = {
  id: "renaming-schema",
  elsewhere: ["strong_migrations rename_schema"],
  concern: "compatibility",
  why: "The release before asks for what is in it by the old name.",
  recipe: "Make a schema of the new name with views of what is in the old one, and move what is in it when nothing older serves.",
  examples: {
    bad: "alter schema shop rename to store",
    good: "create schema store",
  },
  check: ({ node }) =>
    "RenameStmt" in node && node.RenameStmt.renameType === "OBJECT_SCHEMA"
      ? [{ what: `renames the schema ${node.RenameStmt.subname ?? ""}` }]
      : [],
};
