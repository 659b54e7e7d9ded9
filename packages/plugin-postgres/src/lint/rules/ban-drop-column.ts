import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const banDropColumn: Rule = {
  id: "ban-drop-column",
  elsewhere: ["squawk ban-drop-column", "strong_migrations remove_column"],
  concern: "compatibility",
  why: "The release before still reads and writes it, and the values are gone.",
  recipe: "Ship a release that no longer uses it, and drop it in a later `-- fairlead: contract` migration.",
  examples: {
    bad: "alter table orders drop column sku",
    good: "alter table orders add column sku_again text",
  },
  check: ({ node }) =>
    alterationsIn(node, "AT_DropColumn").map(({ table, command: { name = "" } }) => ({ what: `drops ${table}.${name}`, relation: table })),
};
