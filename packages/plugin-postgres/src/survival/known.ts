import type { KnownSchema } from "../schema/known-schema.js";
import type { Novelties } from "./novelties.js";

/** What is known where a statement runs. */
export interface Known {
  readonly novelties: Novelties;
  /** What the database holds before the statement. */
  readonly schema: KnownSchema;
}
