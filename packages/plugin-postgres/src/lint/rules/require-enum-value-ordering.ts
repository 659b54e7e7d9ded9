import { joined } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const requireEnumValueOrdering: Rule = {
  id: "require-enum-value-ordering",
  elsewhere: ["squawk require-enum-value-ordering"],
  concern: "types",
  why: "Without a place the value sorts last, wherever it belongs.",
  recipe: "Say `before` or `after`.",
  examples: {
    bad: "alter type mood add value 'so-so'",
    good: "alter type mood add value 'so-so' after 'glad'",
  },
  check({ node }) {
    if (!("AlterEnumStmt" in node) || node.AlterEnumStmt.oldVal !== undefined || node.AlterEnumStmt.newValNeighbor !== undefined) return [];
    return [{ what: `adds a value to ${joined(node.AlterEnumStmt.typeName)} without a place` }];
  },
};
