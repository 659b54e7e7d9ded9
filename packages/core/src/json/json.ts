/** What JSON can hold. Everything that reaches the journal, an event or an answer is of this shape. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. A member may be `undefined`; it is then as if absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
