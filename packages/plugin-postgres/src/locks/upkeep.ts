import type { LockStmt, Node, RefreshMatViewStmt, ReindexStmt, VacuumStmt } from "libpg-query";
import type { KnownSchema } from "../schema/known-schema.js";
import { nameOf, nameOfRelation } from "../sql/names.js";
import { claims, familyOf, isBefore18, partsOf, type Claim } from "./claim.js";
import { lockModes } from "./lock-mode.js";
import { readBy } from "./queries.js";

/** What keeps a database in order. */
export function locksOfUpkeep(node: Node, schema: KnownSchema): readonly Claim[] | undefined {
  if ("VacuumStmt" in node) return locksOfVacuum(node.VacuumStmt, schema);
  if ("ClusterStmt" in node) {
    const { relation } = node.ClusterStmt;
    return relation === undefined ? [] : claims([nameOfRelation(relation)], "AccessExclusive", true);
  }
  if ("ReindexStmt" in node) return locksOfReindex(node.ReindexStmt, schema);
  if ("RefreshMatViewStmt" in node) return locksOfRefresh(node.RefreshMatViewStmt, schema);
  return "LockStmt" in node ? locksOfLock(node.LockStmt, schema) : undefined;
}

function locksOfVacuum({ rels = [], options = [], is_vacuumcmd }: VacuumStmt, schema: KnownSchema): readonly Claim[] {
  const named = rels.flatMap((one) => ("VacuumRelation" in one ? [nameOfRelation(one.VacuumRelation.relation)] : []));
  const full = is_vacuumcmd === true && has(options, "full");
  const own = claims(
    named.flatMap((name) => (isBefore18(schema) ? partsOf(schema, name) : familyOf(schema, name))),
    full ? "AccessExclusive" : "ShareUpdateExclusive",
    full,
  );
  // What merely inherits is read for the statistics of its parent.
  const samples = isBefore18(schema) && (is_vacuumcmd !== true || has(options, "analyze"));
  return samples
    ? [
        ...own,
        ...claims(
          named.flatMap((name) => familyOf(schema, name)),
          "AccessShare",
        ),
      ]
    : own;
}

function locksOfRefresh({ relation, concurrent, skipData }: RefreshMatViewStmt, schema: KnownSchema): readonly Claim[] {
  const name = nameOfRelation(relation);
  const read = skipData === true ? [] : (schema.relations.get(name)?.reads ?? []);
  const from = read.map((relname) => ({ RangeVar: { relname, inh: true } }));
  return [...claims([name], concurrent === true ? "Exclusive" : "AccessExclusive", concurrent !== true), ...readBy(from, schema)];
}

function locksOfLock({ relations = [], mode = lockModes.length }: LockStmt, schema: KnownSchema): readonly Claim[] {
  const tables = relations.flatMap((one) =>
    "RangeVar" in one && one.RangeVar.inh !== true ? [nameOf(one)] : familyOf(schema, nameOf(one)),
  );
  return claims(tables, lockModes[mode - 1] ?? "AccessExclusive");
}

function locksOfReindex({ kind, relation, params = [] }: ReindexStmt, schema: KnownSchema): readonly Claim[] {
  const name = nameOfRelation(relation);
  const mode = has(params, "concurrently") ? "ShareUpdateExclusive" : "Share";
  if (kind === "REINDEX_OBJECT_INDEX") return claims(familyOf(schema, schema.indexes.get(name)?.table ?? ""), mode);
  return kind === "REINDEX_OBJECT_TABLE" ? claims(familyOf(schema, name), mode) : [];
}

/** Whether an option is on. */
function has(options: readonly Node[], name: string): boolean {
  return options.some((one) => {
    if (!("DefElem" in one) || one.DefElem.defname !== name) return false;
    const { arg } = one.DefElem;
    return !(arg !== undefined && "String" in arg && ["false", "off", "0"].includes(arg.String.sval ?? ""));
  });
}
