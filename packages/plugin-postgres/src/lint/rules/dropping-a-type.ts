import type { DropStmt } from "libpg-query";
import { nameOf } from "../../sql/names.js";
import type { Rule } from "../rule.js";

const types: readonly DropStmt["removeType"][] = [
  "OBJECT_TYPE",
  "OBJECT_DOMAIN",
  "OBJECT_FUNCTION",
  "OBJECT_PROCEDURE",
  "OBJECT_SEQUENCE",
  "OBJECT_SCHEMA",
  "OBJECT_EXTENSION",
];

export const droppingAType: Rule = {
  id: "dropping-a-type",
  elsewhere: ["eugene W13"],
  concern: "compatibility",
  why: "The release before may still name it.",
  recipe: "Ship a release that no longer uses it, and drop it in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "drop type mood",
    good: "create type mood as enum ('glad', 'sad')",
  },
  check({ node }) {
    if (!("DropStmt" in node) || !types.includes(node.DropStmt.removeType)) return [];
    return (node.DropStmt.objects ?? []).map(nameOf).map((relation) => ({ what: `drops the object ${relation}`, relation }));
  },
};
