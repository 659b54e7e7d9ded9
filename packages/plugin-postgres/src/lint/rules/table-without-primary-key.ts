import { nameOfRelation } from "../../sql/names.js";
import { constraintsOf } from "../look.js";
import type { Rule } from "../rule.js";

export const tableWithoutPrimaryKey: Rule = {
  id: "table-without-primary-key",
  elsewhere: ["pgfence no-primary-key"],
  concern: "types",
  why: "Its rows cannot be told apart: logical replication, batches and repairs by hand need a key.",
  recipe: "Give it a primary key.",
  examples: {
    bad: "create table logs (line text)",
    good: "create table logs (id bigint generated always as identity primary key, line text)",
  },
  check({ node }) {
    if (
      !("CreateStmt" in node) ||
      node.CreateStmt.partbound !== undefined ||
      (node.CreateStmt.inhRelations ?? []).length > 0 ||
      node.CreateStmt.relation?.relpersistence === "t"
    )
      return [];
    const { tableElts = [], relation } = node.CreateStmt;
    const constraints = tableElts.flatMap((one) =>
      "Constraint" in one ? [one.Constraint] : "ColumnDef" in one ? constraintsOf(one.ColumnDef) : [],
    );
    const copies = tableElts.some((one) => "TableLikeClause" in one);
    return copies || constraints.some(({ contype }) => contype === "CONSTR_PRIMARY")
      ? []
      : [{ what: `makes ${nameOfRelation(relation)} without a primary key` }];
  },
};
