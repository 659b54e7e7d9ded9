import type { Node } from "libpg-query";
import type { KnownSchema } from "../schema/known-schema.js";
import { locksOfAlterTable } from "./alter-table.js";
import type { Claim, Family } from "./claim.js";
import { locksOfCreate } from "./create.js";
import { locksOfDrop } from "./drop.js";
import { strongerOf, type LockMode } from "./lock-mode.js";
import { locksOfNaming } from "./naming.js";
import { locksOfQuery } from "./queries.js";
import { locksOfUpkeep } from "./upkeep.js";

/** What a statement does to those who use the tables. */
export interface StatementEffects {
  /** The strongest lock on each table and view that is there already; none on what the statement makes, and none on indexes and sequences. */
  readonly locks: ReadonlyMap<string, LockMode>;
  /** Tables that are written anew, row by row, while the lock is held. */
  readonly rewrites: readonly string[];
}

const families: readonly Family<Node>[] = [locksOfAlterTable, locksOfCreate, locksOfDrop, locksOfNaming, locksOfUpkeep, locksOfQuery];

/**
 * The locks that a statement takes and holds until its transaction ends, and what it rewrites, as its text and what is known of the schema before it say. What functions and triggers do is not seen; where
 * rows decide (which partition is written, whether a reference is looked up), the locks are those of any rows.
 */
export function predictLocks(node: Node, schema: KnownSchema): StatementEffects {
  const claims = families.map((family) => family(node, schema)).find((found) => found !== undefined) ?? [];
  const existing = claims.filter(({ relation }) => isLockable(schema, relation));
  const locks = new Map<string, LockMode>();
  for (const { relation, mode } of existing) locks.set(relation, strongerOf(locks.get(relation), mode));
  const rewrites = new Set(existing.flatMap((claim) => (claim.rewrites === true && hasRows(schema, claim) ? [claim.relation] : [])));
  return { locks, rewrites: [...rewrites] };
}

/** What nothing is known of is taken for a table. */
function isLockable({ relations, indexes, complete }: KnownSchema, name: string): boolean {
  const kind = relations.get(name)?.kind;
  if (kind === undefined) return name !== "" && !complete && !indexes.has(name);
  return kind !== "sequence" && kind !== "type";
}

function hasRows({ relations }: KnownSchema, { relation }: Claim): boolean {
  const kind = relations.get(relation)?.kind;
  return kind === undefined || kind === "table" || kind === "materialized view";
}
