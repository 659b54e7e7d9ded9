import { createHash } from "node:crypto";

/** Where in a database a store is. */
export interface Place {
  /** As it is written in statements. */
  readonly schema: string;
  /** The key of the lock that its commits are made under, in its database. */
  readonly lock: string;
  /** What its listeners listen to. */
  readonly channel: string;
}

/** `schema` is a plain name: see the options. */
export function placeOf(schema: string): Place {
  const lock = createHash("sha256").update(`fairlead store ${schema}`).digest().readBigInt64BE().toString();
  return { schema: `"${schema}"`, lock, channel: schema };
}
