import type { Rule } from "../rule.js";

export const preferRepack: Rule = {
  id: "prefer-repack",
  elsewhere: ["squawk prefer-repack"],
  concern: "locks",
  sized: true,
  why: "The whole table is written anew while nobody can read or write it.",
  recipe: "Let autovacuum keep it small; to shrink it, use pg_repack or pg_squeeze, which hold the lock for a moment only.",
  examples: {
    bad: "vacuum full orders",
    good: "vacuum orders",
  },
  check({ node, effects }) {
    const full = "VacuumStmt" in node && node.VacuumStmt.is_vacuumcmd === true && effects.rewrites.length > 0;
    if (!full && !("ClusterStmt" in node)) return [];
    return effects.rewrites.map((relation) => ({ what: `writes ${relation} anew under its strongest lock`, relation }));
  },
};
