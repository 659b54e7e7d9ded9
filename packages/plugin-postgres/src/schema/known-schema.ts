/** What is known of a column. */
export interface KnownColumn {
  /** As `typeText` writes it: `int4`, `varchar(20)`, `text[]`. */
  readonly type: string;
  /** Whether it must have a value. */
  readonly required: boolean;
}

/** A constraint of a table. */
export interface KnownConstraint {
  readonly kind: "primary key" | "unique" | "check" | "foreign key" | "exclusion" | "not null";
  readonly columns: readonly string[];
  /** The table that a foreign key points to. */
  readonly to?: string;
  /** Whether all rows were held against it, and not only those that were written since. */
  readonly valid: boolean;
  /** The column of which it says that it is not null. */
  readonly filled?: string;
}

export type RelationKind = "table" | "partitioned table" | "view" | "materialized view" | "sequence" | "foreign table" | "type";

/** What is known of a table, a view or a sequence. */
export interface KnownRelation {
  readonly kind: RelationKind;
  readonly columns: Map<string, KnownColumn>;
  readonly constraints: Map<string, KnownConstraint>;
  /** Tables that it inherits from, or is a partition of. */
  readonly parents: Set<string>;
  /** Whether it is the partition for what no other one takes. */
  readonly isDefault?: boolean;
  /** What a view reads. */
  readonly reads: readonly string[];
  /** How many rows the server believes it has; unknown where nobody asked it. */
  readonly rows?: number;
}

/** An index, by its own name. */
export interface KnownIndex {
  readonly table: string;
  readonly unique: boolean;
  /** In their order; an expression has no name. */
  readonly columns: readonly string[];
}

/** Which types stand on which: a domain on another type; `constrained` says that it holds values against something. */
export interface KnownDomain {
  readonly base: string;
  readonly constrained: boolean;
}

/**
 * What a database holds, as far as it is known: from its catalog, from the statements of the migrations before, or from both. What is missing from it may be there all the same. Names are without the
 * schema where that is `public`.
 */
export interface KnownSchema {
  readonly relations: Map<string, KnownRelation>;
  /** Relations that have, or once had, parents: few, and asked for at every lock. */
  readonly heirs: Set<string>;
  readonly indexes: Map<string, KnownIndex>;
  readonly domains: Map<string, KnownDomain>;
  /** Names of functions and procedures. */
  readonly routines: Set<string>;
  /** The server's, e.g. 180004; unknown where none was asked. */
  readonly version?: number;
  /** Whether what is missing is not there. */
  readonly complete: boolean;
}

/** One of which nothing is known, or which is empty. */
export function newSchema({ complete, version }: Pick<KnownSchema, "complete" | "version">): KnownSchema {
  return {
    relations: new Map(),
    heirs: new Set(),
    indexes: new Map(),
    domains: new Map(),
    routines: new Set(),
    complete,
    ...(version === undefined ? {} : { version }),
  };
}

/** What is known of a relation from now on. */
export function setRelation({ relations, heirs }: KnownSchema, name: string, relation: KnownRelation): void {
  relations.set(name, relation);
  if (relation.parents.size > 0) heirs.add(name);
}

export function newRelation(kind: RelationKind, more: Partial<KnownRelation> = {}): KnownRelation {
  return { kind, columns: new Map(), constraints: new Map(), parents: new Set(), reads: [], ...more };
}

/** What inherits from a table or is a partition of it, however far down; not the table itself. */
export function descendantsOf({ relations, heirs }: KnownSchema, table: string): readonly string[] {
  const found = new Set<string>();
  const visit = (parent: string): void => {
    for (const name of heirs) {
      if (relations.get(name)?.parents.has(parent) !== true || found.has(name)) continue;
      found.add(name);
      visit(name);
    }
  };
  visit(table);
  return [...found];
}

/** Tables that a table's foreign keys point to. */
export function referencedBy({ relations }: KnownSchema, table: string): readonly string[] {
  const constraints = [...(relations.get(table)?.constraints.values() ?? [])];
  return constraints.flatMap(({ to }) => (to === undefined ? [] : [to]));
}

/** Tables whose foreign keys point to a table. */
export function referencing({ relations }: KnownSchema, table: string): readonly string[] {
  return [...relations].flatMap(([name, { constraints }]) => ([...constraints.values()].some(({ to }) => to === table) ? [name] : []));
}

/** Views that read a table or a view, and those that read these. */
export function viewsOn({ relations }: KnownSchema, relation: string): readonly string[] {
  const found = new Set<string>();
  const visit = (read: string): void => {
    for (const [name, { reads }] of relations) {
      if (!reads.includes(read) || found.has(name)) continue;
      found.add(name);
      visit(name);
    }
  };
  visit(relation);
  return [...found];
}
