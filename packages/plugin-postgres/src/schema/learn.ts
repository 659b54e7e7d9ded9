import type { AlterObjectSchemaStmt, CreateStmt, DropStmt, Node, RenameStmt } from "libpg-query";
import { joined, nameOf, nameOfRelation } from "../sql/names.js";
import { newRelation, setRelation, type KnownRelation, type KnownSchema, type RelationKind } from "./known-schema.js";
import { learnAlter } from "./learn-alter.js";
import { learnColumn, learnConstraint } from "./learn-column.js";
import { tablesRead } from "./tables-read.js";
import { typeText } from "./type-text.js";

/** Changes what is known by what a statement does. Of what is there already nothing is made again (`if not exists`). */
export function learn(schema: KnownSchema, node: Node): void {
  for (const lesson of lessons) lesson(schema, node);
}

const lessons: readonly ((schema: KnownSchema, node: Node) => void)[] = [
  (schema, node) => {
    if ("CreateStmt" in node) learnTable(schema, node.CreateStmt);
    if ("CreateForeignTableStmt" in node && node.CreateForeignTableStmt.base !== undefined)
      learnTable(schema, node.CreateForeignTableStmt.base, "foreign table");
  },
  (schema, node) => {
    if ("AlterTableStmt" in node) learnAlter(schema, node.AlterTableStmt);
    if ("DropStmt" in node) forget(schema, node.DropStmt);
    if ("RenameStmt" in node) rename(schema, node.RenameStmt);
    if ("AlterObjectSchemaStmt" in node) move(schema, node.AlterObjectSchemaStmt);
  },
  (schema, node) => {
    if (!("CreateTableAsStmt" in node)) return;
    const { into, query, objtype } = node.CreateTableAsStmt;
    const kind = objtype === "OBJECT_MATVIEW" ? "materialized view" : "table";
    add(schema, nameOfRelation(into?.rel), newRelation(kind, { reads: kind === "table" ? [] : tablesRead(query) }));
  },
  (schema, node) => {
    if (!("ViewStmt" in node)) return;
    const { view, query, replace } = node.ViewStmt;
    const name = nameOfRelation(view);
    if (replace === true) schema.relations.delete(name);
    add(schema, name, newRelation("view", { reads: tablesRead(query) }));
  },
  (schema, node) => {
    if (!("IndexStmt" in node)) return;
    const { idxname, relation, unique = false, indexParams = [] } = node.IndexStmt;
    const table = nameOfRelation(relation);
    const columns = indexParams.map((one) => ("IndexElem" in one ? (one.IndexElem.name ?? "") : ""));
    const names = columns.map((column) => (column === "" ? "expr" : column)).join("_");
    schema.indexes.set(inSchemaOf(table, idxname ?? `${bare(table)}_${names}_idx`), { table, unique, columns });
  },
  (schema, node) => {
    if ("CreateFunctionStmt" in node) schema.routines.add(joined(node.CreateFunctionStmt.funcname));
    if ("CreateSeqStmt" in node) add(schema, nameOfRelation(node.CreateSeqStmt.sequence), newRelation("sequence"));
    if ("CompositeTypeStmt" in node) add(schema, nameOfRelation(node.CompositeTypeStmt.typevar), newRelation("type"));
    if ("CreateDomainStmt" in node) {
      const { domainname, typeName, constraints = [] } = node.CreateDomainStmt;
      const constrained = constraints.some(
        (one) => "Constraint" in one && ["CONSTR_CHECK", "CONSTR_NOTNULL"].includes(one.Constraint.contype ?? ""),
      );
      schema.domains.set(joined(domainname), { base: typeText(typeName), constrained });
    }
  },
];

function learnTable(schema: KnownSchema, statement: CreateStmt, otherKind?: RelationKind): void {
  const { relation, tableElts = [], inhRelations = [], partspec, partbound } = statement;
  const name = nameOfRelation(relation);
  if (schema.relations.has(name)) return;
  const kind = otherKind ?? (partspec === undefined ? "table" : "partitioned table");
  const parents = new Set(inhRelations.map(nameOf));
  const table = newRelation(kind, { parents, isDefault: partbound?.is_default === true });
  add(schema, name, table);
  for (const parent of parents) copyColumns(schema, parent, table);
  for (const element of tableElts) {
    if ("ColumnDef" in element) learnColumn(schema, name, element.ColumnDef);
    if ("Constraint" in element) learnConstraint(schema, name, element.Constraint);
    if ("TableLikeClause" in element) copyColumns(schema, nameOfRelation(element.TableLikeClause.relation), table);
  }
}

function copyColumns({ relations }: KnownSchema, from: string, to: KnownRelation): void {
  for (const [column, known] of relations.get(from)?.columns ?? []) to.columns.set(column, known);
}

function add(schema: KnownSchema, name: string, relation: KnownRelation): void {
  if (!schema.relations.has(name)) setRelation(schema, name, relation);
}

const relationTypes = ["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE", "OBJECT_TYPE"];

function forget({ relations, indexes, domains }: KnownSchema, { removeType = "OBJECT_TABLE", objects = [] }: DropStmt): void {
  for (const name of objects.map(nameOf)) {
    if (removeType === "OBJECT_INDEX") indexes.delete(name);
    if (removeType === "OBJECT_DOMAIN") domains.delete(name);
    if (!relationTypes.includes(removeType)) continue;
    relations.delete(name);
    for (const [index, { table }] of indexes) if (table === name) indexes.delete(index);
  }
}

function rename(schema: KnownSchema, { renameType, relation, subname = "", newname = "" }: RenameStmt): void {
  const old = nameOfRelation(relation);
  if (renameType === "OBJECT_COLUMN") renameKey(schema.relations.get(old)?.columns, subname, newname);
  else if (renameType === "OBJECT_TABCONSTRAINT") renameKey(schema.relations.get(old)?.constraints, subname, newname);
  else if (relation !== undefined && renameType === "OBJECT_INDEX") renameKey(schema.indexes, old, inSchemaOf(old, newname));
  else if (relation !== undefined && relationTypes.includes(renameType ?? "")) carry(schema, old, inSchemaOf(old, newname));
}

function move(schema: KnownSchema, { relation, newschema = "" }: AlterObjectSchemaStmt): void {
  if (relation === undefined) return;
  const old = nameOfRelation(relation);
  carry(schema, old, newschema === "public" ? bare(old) : `${newschema}.${bare(old)}`);
}

/** Everything that names a relation names it differently from now on. */
function carry({ relations, indexes, heirs }: KnownSchema, old: string, name: string): void {
  renameKey(relations, old, name);
  if (heirs.has(old)) heirs.add(name);
  for (const [key, index] of indexes) if (index.table === old) indexes.set(key, { ...index, table: name });
  for (const [key, relation] of relations) {
    if (relation.parents.delete(old)) relation.parents.add(name);
    for (const [constraint, known] of relation.constraints)
      if (known.to === old) relation.constraints.set(constraint, { ...known, to: name });
    if (relation.reads.includes(old))
      relations.set(key, { ...relation, reads: relation.reads.map((read) => (read === old ? name : read)) });
  }
}

function renameKey<Value>(map: Map<string, Value> | undefined, old: string, name: string): void {
  const value = map?.get(old);
  if (map === undefined || value === undefined) return;
  map.delete(old);
  map.set(name, value);
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function inSchemaOf(relation: string, name: string): string {
  return relation.slice(0, relation.lastIndexOf(".") + 1) + name;
}
