import type { CallOptions } from "./call.js";

export interface ResolvedSecret {
  readonly value: string;
  /** The source's own version of it, where it has one; part of the plan's digest. */
  readonly version?: string;
}

/** Where secrets come from. */
export interface SecretSource {
  /**
   * Values for all names in one batch. What the deployer's store needs belongs to no environment: it is asked for with `environment: "store"`. A name that the source does not know is left out of the answer: never an error, so that every missing one can be reported at once.
   * Rejects only when the source itself cannot be asked; the error holds neither values nor what the source is asked with.
   */
  resolve(
    names: readonly string[],
    call: CallOptions & { readonly environment: string },
  ): Promise<Readonly<Record<string, ResolvedSecret>>>;
}
