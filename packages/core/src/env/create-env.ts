import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { reserved, undeclaredSecret, type VariableProblem } from "./problem.js";
import { givenAs, readVariable } from "./read-variable.js";
import type { CheckedNames, Env, EnvVariables, RunningRelease, TextVariable } from "./variables.js";

export interface EnvOptions<SecretName extends string> {
  /** Variables whose value is handed out as a `Secret`: printed, joined or serialized it says `[secret NAME]`, and only `reveal()` gives it away. Their schemas give text. */
  readonly secrets?: readonly SecretName[];
}

/**
 * Reads an application's environment once, when it starts: `createEnv({ PORT: z.coerce.number() }, process.env)`. What is not declared is not read, besides what the target
 * says about the release. An empty text counts as missing; what is no text (bindings of edge hosts) goes to the schema as it is. The result is frozen; what schemas make, such as lists, is not.
 * Throws `ENV_INVALID` with every problem at once. It names variables and never shows a value, nor a message of a schema, which could quote one.
 */
export function createEnv<const Variables extends EnvVariables, const SecretName extends TextVariable<Variables> = never>(
  variables: Variables & CheckedNames<Variables>,
  from: object,
  options?: EnvOptions<SecretName>,
): Env<Variables, SecretName>;
export function createEnv(variables: EnvVariables, from: object, { secrets = [] }: EnvOptions<string> = {}): object {
  const values: [name: string, value: unknown][] = [];
  const problems: VariableProblem[] = secrets.filter((name) => !Object.hasOwn(variables, name)).map(undeclaredSecret);
  for (const [name, schema] of Object.entries(variables)) {
    const reading = isReserved(name) ? { problem: reserved(name) } : readVariable(name, schema, from, secrets.includes(name));
    if ("problem" in reading) problems.push(reading.problem);
    else values.push([name, reading.value]);
  }
  if (problems.length > 0) throw fail(coreErrors, "ENV_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
  return Object.freeze({ ...Object.fromEntries(values), release: releaseOf(from) });
}

function isReserved(name: string): boolean {
  return name === "release" || name.startsWith("FAIRLEAD_");
}

function releaseOf(from: object): RunningRelease | undefined {
  const [id, environment] = [textOf(givenAs("FAIRLEAD_RELEASE", from)), textOf(givenAs("FAIRLEAD_ENVIRONMENT", from))];
  return id === undefined ? undefined : Object.freeze({ id, environment });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
