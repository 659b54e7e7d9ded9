import type { Node } from "libpg-query";
import { nameOfRelation } from "../../sql/names.js";
import { columnsWritten, constraintsAdded, constraintsOf } from "../look.js";
import type { Rule } from "../rule.js";

export const foreignKeyLocksReferencedTable: Rule = {
  id: "foreign-key-locks-referenced-table",
  elsewhere: ["eugene E9"],
  concern: "locks",
  sized: true,
  why: "A foreign key puts triggers on the table that it points to, for which nobody may write there for a moment; behind a long transaction that moment is long.",
  recipe:
    "Keep the migration short, with this statement last. Fairlead gives up after `lockTimeout` and tries again, so that nobody queues.",
  examples: {
    bad: "create table reviews (id bigint primary key, order_id bigint references orders); insert into reviews select id, id from orders; alter table reviews add product_id bigint references products",
    good: "create table reviews (id bigint primary key, order_id bigint references orders)",
  },
  check: ({ node, schema, made, earlier }) =>
    [...referencedIn(node)]
      .filter((table) => schema.relations.has(table) && !made.has(table) && earlier.some(moves))
      .map((table) => ({ what: `keeps writers of ${table} waiting behind the rest of the migration`, relation: table })),
};

function moves(node: Node): boolean {
  return "InsertStmt" in node || "UpdateStmt" in node || "DeleteStmt" in node;
}

function referencedIn(node: Node): ReadonlySet<string> {
  const inTable = "CreateStmt" in node ? columnsWritten(node).flatMap(({ column }) => constraintsOf(column)) : [];
  const constraints = [...constraintsAdded(node).map(({ constraint }) => constraint), ...inTable];
  return new Set(constraints.flatMap(({ pktable }) => (pktable === undefined ? [] : [nameOfRelation(pktable)])));
}
