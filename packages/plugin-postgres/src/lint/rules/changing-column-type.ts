import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const changingColumnType: Rule = {
  id: "changing-column-type",
  elsewhere: ["squawk changing-column-type", "strong_migrations change_column", "eugene E5"],
  concern: "locks",
  sized: true,
  why: "The table and its indexes are written anew while nobody can read or write it, and code that knows the old type may fail.",
  recipe:
    "Add a column of the new type, write both from the new release on, fill the old rows in batches, read the new one, and drop the old one in a later `contract` migration.",
  examples: {
    bad: "alter table orders alter column total type double precision",
    good: "alter table orders alter column total type numeric(12, 2)",
  },
  check: ({ node, effects }) =>
    alterationsIn(node, "AT_AlterColumnType")
      .filter(({ table }) => effects.rewrites.includes(table))
      .map(({ table, command }) => ({ what: `writes ${table} anew for the type of ${command.name ?? ""}`, relation: table })),
};
