import type { ConfigurationProblem } from "../config/problem.js";
import type { CallOptions } from "../contract/call.js";
import type { ResolvedSecret, SecretSource } from "../contract/secret-source.js";
import type { Redactor } from "../secret/redactor.js";
import type { RegisterResult } from "../secret/registry.js";

/** What became of the secrets that were asked for. */
export interface SecretValues {
  readonly values: Readonly<Record<string, ResolvedSecret>>;
  /** Names without a value. */
  readonly missing: readonly string[];
  /** Values that cannot be kept out of what is written; by their names. */
  readonly problems: readonly ConfigurationProblem[];
  /** Names of secrets so short or so ordinary that ordinary text is masked with them. */
  readonly weak: readonly string[];
}

export interface ResolveOptions {
  readonly source: SecretSource;
  readonly redactor: Redactor;
  readonly environment: string;
  /** Names that the journal is written with: they must stay readable. */
  readonly words: readonly string[];
  readonly call: CallOptions;
}

/** Shorter ones are in every other word and number. */
const shortestSecret = 4;

/** Digits alone are in times and versions, which the journal is full of. */
const shortestNumber = 6;

/** Asks for all secrets in one batch and makes every value known to the redactor before anybody has it. */
export async function resolveSecrets(names: readonly string[], options: ResolveOptions): Promise<SecretValues> {
  const { source, redactor, environment, words, call } = options;
  const values = names.length === 0 ? {} : await source.resolve(names, { ...call, environment });
  const problems: ConfigurationProblem[] = [];
  const weak: string[] = [];
  for (const [name, { value }] of Object.entries(values)) {
    const isWanted = names.includes(name);
    const result = redactor.register(name, value, { force: isWanted && !isTooShort(value), readable: words });
    if (result.registered && result.warning !== undefined) weak.push(name);
    if (!result.registered && isWanted) problems.push({ place: `secret ${name}`, ...refusals[result.reason] });
  }
  return { values, missing: names.filter((name) => values[name] === undefined), problems, weak };
}

function isTooShort(value: string): boolean {
  return value.length < (/^\d+$/.test(value) ? shortestNumber : shortestSecret);
}

type Refusal = Extract<RegisterResult, { readonly registered: false }>["reason"];

const refusals: Readonly<Record<Refusal, Omit<ConfigurationProblem, "place">>> = {
  empty: { problem: "is empty.", remedy: "Set it in the environment of the process or in the secret source." },
  "too-short": {
    problem: `is shorter than ${String(shortestSecret)} characters or ${String(shortestNumber)} digits: it cannot be masked without masking much else.`,
    remedy: "Give it a longer value; what is no secret belongs into the plugin's options as it is.",
  },
  "in-readable-name": {
    problem: "is part of the name of the application, the environment, a component or a plugin, which have to stay readable.",
    remedy: "Give it another value; a plugin can also be given another `name`.",
  },
  "too-many-patterns": {
    problem: "is too large to be looked for in everything that is written.",
    remedy: "Keep only what is secret of it, in several secrets if need be.",
  },
};
