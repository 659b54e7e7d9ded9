import { constraintsAdded } from "../look.js";
import type { Rule } from "../rule.js";

export const primaryKeyOverNullable: Rule = {
  id: "primary-key-over-nullable",
  elsewhere: ["eugene W14"],
  concern: "types",
  why: "A primary key makes its columns required: every row is looked at under the strongest lock.",
  recipe: "Require the columns first, proven by a validated check.",
  examples: {
    bad: "create table loose (id bigint); alter table loose add constraint loose_key primary key using index loose_id_idx",
    good: "create table firm (id bigint not null)",
  },
  check: ({ node, schema }) =>
    constraintsAdded(node)
      .filter(({ constraint }) => constraint.contype === "CONSTR_PRIMARY" && constraint.indexname !== undefined)
      .filter(({ table, constraint }) =>
        (schema.indexes.get(constraint.indexname ?? "")?.columns ?? ["id"]).some(
          (column) => schema.relations.get(table)?.columns.get(column)?.required === false,
        ),
      )
      .map(({ table }) => ({ what: `makes columns of ${table} required` })),
};
