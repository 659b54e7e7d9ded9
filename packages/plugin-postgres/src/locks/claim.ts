import { descendantsOf, type KnownSchema } from "../schema/known-schema.js";
import type { LockMode } from "./lock-mode.js";

/** A lock that a statement takes on a table or a view, and whether all of that is written anew. */
export interface Claim {
  readonly relation: string;
  readonly mode: LockMode;
  readonly rewrites?: boolean;
}

/** The locks of one family of statements; `undefined` for a statement of another one. */
export type Family<Node> = (node: Node, schema: KnownSchema) => readonly Claim[] | undefined;

export function claims(relations: readonly string[], mode: LockMode, rewrites = false): readonly Claim[] {
  return relations.map((relation) => (rewrites ? { relation, mode, rewrites } : { relation, mode }));
}

/** Version 18 took some locks that those before it did not. Where the version is not known, the newer one is taken. */
export function isBefore18({ version }: KnownSchema): boolean {
  return version !== undefined && version < 180_000;
}

/** A table with its partitions; only itself where others merely inherit from it. */
export function partsOf(schema: KnownSchema, table: string): readonly string[] {
  return schema.relations.get(table)?.kind === "partitioned table" ? familyOf(schema, table) : [table];
}

/** A table with all that inherits from it. */
export function familyOf(schema: KnownSchema, table: string): readonly string[] {
  return [table, ...descendantsOf(schema, table)];
}
