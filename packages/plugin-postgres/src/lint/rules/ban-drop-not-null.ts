import { alterationsIn } from "../look.js";
import type { Rule } from "../rule.js";

export const banDropNotNull: Rule = {
  id: "ban-drop-not-null",
  elsewhere: ["squawk ban-drop-not-null"],
  concern: "compatibility",
  why: "The release before may not expect that a value is missing.",
  recipe: "Make sure that both releases can read a missing value before the new one writes it.",
  examples: {
    bad: "alter table orders alter column sku drop not null",
    good: "alter table orders alter column sku set default ''",
  },
  check: ({ node }) =>
    alterationsIn(node, "AT_DropNotNull").map(({ table, command: { name = "" } }) => ({
      what: `lets ${table}.${name} be missing`,
      relation: table,
    })),
};
