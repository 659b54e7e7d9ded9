import type { Constraint } from "libpg-query";
import type { KnownSchema } from "../schema/known-schema.js";
import { nameOfRelation } from "../sql/names.js";
import { claims, partsOf, type Claim } from "./claim.js";

/** A foreign key puts triggers on the table that it points to: who writes there waits too. */
export function locksOfConstraint({ contype, pktable }: Constraint, schema: KnownSchema): readonly Claim[] {
  if (contype !== "CONSTR_FOREIGN" || pktable === undefined) return [];
  return claims(partsOf(schema, nameOfRelation(pktable)), "ShareRowExclusive");
}
