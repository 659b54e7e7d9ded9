import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const severalAltersOfOneTable: Rule = {
  id: "several-alters-of-one-table",
  elsewhere: ["eugene W12"],
  concern: "locks",
  sized: true,
  why: "Every statement asks for the lock again, and a rewrite each is one rewrite too many.",
  recipe: "Say all changes of a table in one `alter table`.",
  examples: {
    bad: "alter table orders alter column total type double precision; alter table orders alter column sku type int using sku::int",
    good: "alter table orders add column note text, add column paid boolean",
  },
  check({ node, effects, earlier }) {
    const [first] = alterationsIn(node);
    if (first === undefined || effects.rewrites.length === 0) return [];
    const { table } = first;
    return earlier.some((one) => alterationsIn(one, "AT_AlterColumnType").some((other) => other.table === table))
      ? [{ what: `writes ${table} anew once more`, relation: table }]
      : [];
  },
};
