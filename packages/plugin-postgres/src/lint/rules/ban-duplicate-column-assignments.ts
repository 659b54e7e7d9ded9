import type { Rule } from "../rule.js";

export const banDuplicateColumnAssignments: Rule = {
  id: "ban-duplicate-column-assignments",
  elsewhere: ["squawk ban-duplicate-column-assignments"],
  concern: "names",
  why: "The server refuses it.",
  recipe: "Assign every column once.",
  examples: {
    bad: "update orders set sku = 'a', sku = 'b'",
    good: "update orders set sku = 'a' where id = 1",
  },
  check({ node }) {
    if (!("UpdateStmt" in node)) return [];
    const columns = (node.UpdateStmt.targetList ?? []).flatMap((one) => ("ResTarget" in one ? [one.ResTarget.name ?? ""] : []));
    return columns.filter((column, index) => columns.indexOf(column) < index).map((column) => ({ what: `assigns ${column} twice` }));
  },
};
