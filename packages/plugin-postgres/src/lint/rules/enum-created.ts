import { joined } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const enumCreated: Rule = {
  id: "enum-created",
  elsewhere: ["eugene W13"],
  concern: "types",
  why: "Values of an enum can be added, and never be removed.",
  recipe: "Use a table of the values with a foreign key, or `text` with a check.",
  examples: {
    bad: "create type mood as enum ('glad', 'sad')",
    good: "create table moods (name text primary key)",
  },
  check: ({ node }) => ("CreateEnumStmt" in node ? [{ what: `makes the enum ${joined(node.CreateEnumStmt.typeName)}` }] : []),
};
