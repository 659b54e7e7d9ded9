import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const indexWithManyColumns: Rule = {
  id: "index-with-many-columns",
  elsewhere: ["strong_migrations add_index_columns"],
  concern: "locks",
  sized: true,
  why: "An index of more than three columns that is not unique seldom helps more than one of fewer, and costs every write.",
  recipe: "Index the columns that select the fewest rows.",
  examples: {
    bad: "create index concurrently wide on orders (a, b, c, d)",
    good: "create index concurrently narrow on orders (a, b, c)",
  },
  check({ node }) {
    if (!("IndexStmt" in node) || node.IndexStmt.unique === true) return [];
    const relation = nameOfRelation(node.IndexStmt.relation);
    return (node.IndexStmt.indexParams ?? []).length > 3 ? [{ what: `indexes more than three columns of ${relation}`, relation }] : [];
  },
};
