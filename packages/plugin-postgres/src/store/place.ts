import { createHash } from "node:crypto";

/** Where in a database a store is. */
export interface Place {
  /** The schema's name; also what its listeners listen to. */
  readonly name: string;
  /** The schema as it is written in statements. */
  readonly schema: string;
  /** The key of the lock that its commits are made under, in its database. */
  readonly lock: string;
}

/** `name` is a plain one: see the options. */
export function placeOf(name: string): Place {
  const lock = createHash("sha256").update(`fairlead store ${name}`).digest().readBigInt64BE().toString();
  return { name, schema: `"${name}"`, lock };
}
