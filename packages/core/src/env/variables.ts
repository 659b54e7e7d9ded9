import type { SchemaOutput, StandardSchema } from "../contract/standard-schema.js";
import type { Secret } from "../secret/secret.js";

/** A schema for each variable: zod, valibot, arktype, or any other Standard Schema that answers at once. */
export type EnvVariables = Readonly<Record<string, StandardSchema>>;

/** Sentences that the compiler shows for a name that is Fairlead's own. */
type NameProblem<Name extends string> = `"${Name}" is not yours to declare: what was deployed is in \`release\``;

export type CheckedNames<Variables> = {
  readonly [Name in keyof Variables]: Name extends "release" | `FAIRLEAD_${string}` ? NameProblem<Name> : Variables[Name];
};

/** The variables that are texts, and so may be secrets. */
export type TextVariable<Variables extends EnvVariables> = {
  [Name in keyof Variables & string]: SchemaOutput<Variables[Name]> extends string | undefined ? Name : never;
}[keyof Variables & string];

/** What runs here. */
export interface RunningRelease {
  /** E.g. `rel_01jmz8…`. */
  readonly id: string;
  /** E.g. `production` or `preview/pr-12`. Undefined where whoever started the application told it the release alone. */
  readonly environment: string | undefined;
}

/** What an application was started with. Frozen. */
export type Env<Variables extends EnvVariables, SecretName extends keyof Variables = never> = {
  readonly [Name in keyof Variables]: Name extends SecretName
    ? Secret | Extract<SchemaOutput<Variables[Name]>, undefined>
    : SchemaOutput<Variables[Name]>;
} & {
  /** What was deployed, as its target says (`FAIRLEAD_RELEASE`, `FAIRLEAD_ENVIRONMENT`). Undefined outside of a deployment. */
  readonly release: RunningRelease | undefined;
};
