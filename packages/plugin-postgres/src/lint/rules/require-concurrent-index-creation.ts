import { nameOfRelation } from "../../sql/names.js";
import { concurrentIndex } from "../mend.js";
import type { Rule } from "../rule.js";

export const requireConcurrentIndexCreation: Rule = {
  id: "require-concurrent-index-creation",
  elsewhere: ["squawk require-concurrent-index-creation", "strong_migrations add_index", "eugene E6"],
  concern: "locks",
  sized: true,
  why: "Nobody can write to the table while the index is built.",
  recipe:
    "`create index concurrently`: Fairlead runs it outside of a transaction, and finds and repairs the invalid index that a failure leaves.",
  examples: {
    bad: "create index orders_sku on orders (sku)",
    good: "create index concurrently orders_sku on orders (sku)",
  },
  check({ node, schema }) {
    if (!("IndexStmt" in node) || node.IndexStmt.concurrent === true) return [];
    const relation = nameOfRelation(node.IndexStmt.relation);
    const isPartitioned = schema.relations.get(relation)?.kind === "partitioned table";
    // On a partitioned table alone it builds nothing, and there is no other way.
    if (isPartitioned && node.IndexStmt.relation?.inh !== true) return [];
    // Nobody says `only` of another table.
    const mend = isPartitioned || node.IndexStmt.relation?.inh !== true ? {} : { mend: concurrentIndex };
    return [{ what: `builds an index on ${relation} while nobody can write there`, relation, ...mend }];
  },
};
