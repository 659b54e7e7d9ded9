import { nameOfRelation } from "../../sql/names.js";
import type { Rule } from "../rule.js";

export const requireConcurrentReindex: Rule = {
  id: "require-concurrent-reindex",
  elsewhere: ["squawk require-concurrent-reindex"],
  concern: "locks",
  sized: true,
  why: "Nobody can write to the table, nor read by the index, while it is built anew.",
  recipe: "`reindex … concurrently`.",
  examples: {
    bad: "reindex table orders",
    good: "reindex table concurrently orders",
  },
  check({ node, schema }) {
    if (
      !("ReindexStmt" in node) ||
      (node.ReindexStmt.params ?? []).some((one) => "DefElem" in one && one.DefElem.defname === "concurrently")
    )
      return [];
    const { relation, kind } = node.ReindexStmt;
    const name = nameOfRelation(relation);
    const table = kind === "REINDEX_OBJECT_INDEX" ? schema.indexes.get(name)?.table : kind === "REINDEX_OBJECT_TABLE" ? name : undefined;
    const concurrently = (text: string): string =>
      text.replace(/^(reindex\s+(?:\([^)]*\)\s*)?(?:table|index|schema|database))\b/i, "$1 concurrently");
    return [
      {
        what: `builds indexes of ${name === "" ? "many tables" : name} anew while nobody can write`,
        mend: concurrently,
        ...(table === undefined ? {} : { relation: table }),
      },
    ];
  },
};
