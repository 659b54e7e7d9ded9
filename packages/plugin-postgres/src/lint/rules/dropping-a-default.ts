import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const droppingADefault: Rule = {
  id: "dropping-a-default",
  elsewhere: ["strong_migrations change_column_default"],
  concern: "compatibility",
  why: "What the release before inserts without the column fails, or has no value from then on.",
  recipe: "Ship a release that always writes the column, and drop the default in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "alter table orders alter column sku drop default",
    good: "alter table orders alter column sku set default ''",
  },
  check: ({ node }) =>
    alterationsIn(node, "AT_ColumnDefault")
      .filter(({ command: { def } }) => def === undefined)
      .map(({ table, command: { name = "" } }) => ({ what: `drops the default of ${table}.${name}`, relation: table })),
};
