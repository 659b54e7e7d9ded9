import type { ResolvedSecret, SecretSource } from "@fairlead/core";
import { recordedCall } from "../call.js";
import type { Fixture } from "../suite.js";

/** A source that holds none of the secrets that the cases put into it: names of capital letters, digits and `_` that begin with `CONFORMANCE_`. */
export interface SecretsFixture extends Fixture {
  readonly source: SecretSource;
  /** Another instance of the plugin on the same source, as another process would have it. */
  readonly again: () => Promise<SecretSource> | SecretSource;
  /** The environment whose secrets are asked for. */
  readonly environment: string;
  /** Puts secrets into the source, over those of the same name. What it answers is awaited. */
  readonly put: (secrets: Readonly<Record<string, string>>) => unknown;
  /** Puts secrets into the source for another environment. Left out where it does not tell environments apart: then nothing is asked about it. */
  readonly putElsewhere?: (secrets: Readonly<Record<string, string>>) => unknown;
  /** From now on the source cannot be asked. Left out where it always can. */
  readonly outage?: () => unknown;
  /** From now on the source is asked and never answers. Left out where it cannot happen. */
  readonly silence?: () => unknown;
  /** What the source is asked with, which nobody may see. */
  readonly credentials?: readonly string[];
}

/** Asks for secrets with time enough. */
export function resolve(
  { environment }: SecretsFixture,
  source: SecretSource,
  ...names: readonly string[]
): Promise<Readonly<Record<string, ResolvedSecret>>> {
  return source.resolve(names, { ...recordedCall(), environment });
}

/** The values of an answer by their names. */
export function valuesOf(answer: Readonly<Record<string, ResolvedSecret>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(answer).map(([name, { value }]) => [name, value]));
}
