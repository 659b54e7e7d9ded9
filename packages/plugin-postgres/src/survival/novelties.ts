import type { AlterTableCmd, Node, ObjectType, RangeVar } from "libpg-query";
import { isFilled } from "../schema/column.js";
import { joined, nameOfRelation } from "../sql/names.js";

/** What the code before cannot know, because the pending migrations make it. */
export interface Novelties {
  readonly relations: Set<string>;
  /** New columns of old tables, as `table.column`, and whether one gets a value where nobody gives it any. */
  readonly columns: Map<string, boolean>;
  /** Types, functions and schemas, each behind its kind. */
  readonly others: Set<string>;
}

export function noNovelties(): Novelties {
  return { relations: new Set(), columns: new Map(), others: new Set() };
}

/** Remembers what a statement makes. What is only made where it is missing, or replaced, may be older. */
export function remember({ relations, others }: Novelties, node: Node): void {
  const relation = relationMadeBy(node);
  if (relation !== undefined) relations.add(nameOfRelation(relation));
  const other = otherMadeBy(node);
  if (other !== undefined) others.add(other);
  if ("RenameStmt" in node && node.RenameStmt.renameType === "OBJECT_TABLE") {
    const { relation: old, newname = "" } = node.RenameStmt;
    if (relations.has(nameOfRelation(old))) relations.add(nameOfRelation({ ...old, relname: newname }));
  }
}

/** The table, view or sequence that a statement makes, unless it may be there already. */
export function relationMadeBy(node: Node): RangeVar | undefined {
  if ("CreateStmt" in node && node.CreateStmt.if_not_exists !== true) return node.CreateStmt.relation;
  if ("CreateTableAsStmt" in node && node.CreateTableAsStmt.if_not_exists !== true) return node.CreateTableAsStmt.into?.rel;
  if ("ViewStmt" in node && node.ViewStmt.replace !== true) return node.ViewStmt.view;
  // A type of columns is changed like a table.
  if ("CompositeTypeStmt" in node) return node.CompositeTypeStmt.typevar;
  if ("CreateSeqStmt" in node && node.CreateSeqStmt.if_not_exists !== true) return node.CreateSeqStmt.sequence;
  return undefined;
}

function otherMadeBy(node: Node): string | undefined {
  if ("CompositeTypeStmt" in node) return `type ${nameOfRelation(node.CompositeTypeStmt.typevar)}`;
  if ("CreateEnumStmt" in node) return `type ${joined(node.CreateEnumStmt.typeName)}`;
  if ("CreateDomainStmt" in node) return `type ${joined(node.CreateDomainStmt.domainname)}`;
  if ("CreateFunctionStmt" in node && node.CreateFunctionStmt.replace !== true)
    return `function ${joined(node.CreateFunctionStmt.funcname)}`;
  if ("CreateSchemaStmt" in node && node.CreateSchemaStmt.if_not_exists !== true) return `schema ${node.CreateSchemaStmt.schemaname ?? ""}`;
  return undefined;
}

/** Remembers what one change of an old table makes. */
export function rememberColumn({ columns }: Novelties, table: string, { subtype, name = "", def, missing_ok }: AlterTableCmd): void {
  if (subtype === "AT_AddColumn" && missing_ok !== true && def !== undefined && "ColumnDef" in def)
    columns.set(`${table}.${def.ColumnDef.colname ?? ""}`, isFilled(def.ColumnDef));
  if (subtype === "AT_ColumnDefault" && columns.has(`${table}.${name}`)) columns.set(`${table}.${name}`, def !== undefined);
}

/** What code may name. Dropping an index or a constraint takes nothing away that it asks for by name. */
export const named: Readonly<Partial<Record<ObjectType, string>>> = {
  OBJECT_TABLE: "the table",
  OBJECT_FOREIGN_TABLE: "the table",
  OBJECT_VIEW: "the view",
  OBJECT_MATVIEW: "the view",
  OBJECT_SEQUENCE: "the sequence",
  OBJECT_TYPE: "the type",
  OBJECT_DOMAIN: "the type",
  OBJECT_FUNCTION: "the function",
  OBJECT_PROCEDURE: "the function",
  OBJECT_ROUTINE: "the function",
  OBJECT_AGGREGATE: "the function",
  OBJECT_SCHEMA: "the schema",
  OBJECT_EXTENSION: "the extension",
  OBJECT_OPERATOR: "the operator",
  OBJECT_CAST: "a cast",
  OBJECT_COLLATION: "the collation",
};

export function isNovel({ relations, others }: Novelties, type: ObjectType | undefined, name: string): boolean {
  const kind = type === undefined ? undefined : named[type];
  if (kind === "the table" || kind === "the view" || kind === "the sequence") return relations.has(name);
  return kind !== undefined && others.has(`${kind.replace("the ", "")} ${name}`);
}
