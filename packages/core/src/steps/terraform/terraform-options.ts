import * as z from "zod";
import type { ResolvedOptions } from "../../contract/plugin.js";
import type { StandardSchema } from "../../contract/standard-schema.js";
import type { Stage, StepApproval } from "../../contract/step.js";
import type { Json } from "../../json/json.js";
import { isSecretReference, type SecretReference } from "../../secret/secret.js";
import type { Duration } from "../../time/duration.js";
import { approval, duration, durationText, inherit, order, stage, variables } from "../program/option-schemas.js";

/** Options of `terraform()`. */
export interface TerraformOptions {
  /** The root module, taken from the folder of the deploying process. */
  readonly folder: string;
  /** The program: a name in `PATH`, or a path, taken from the folder of the deploying process. Default: `terraform`, or `tofu` where there is none. */
  readonly program?: string;
  /** Where the plan is applied; it is made in `preflight`. Default `provision`. */
  readonly stage?: Stage;
  /** Whether it is applied before everything that Fairlead does itself in `stage`, or after it. Default `first`: infrastructure is there before what runs on it is prepared. */
  readonly order?: "first" | "last";
  /** Whether people have to agree to the plan before it is applied; `true`: one, within a day. Their word is good for that plan alone. One without changes nobody is asked about. Default false. */
  readonly approval?: boolean | Omit<StepApproval, "to">;
  /** The workspace; made if there is none yet. Default: the default one. */
  readonly workspace?: string;
  /** Values of input variables. Secrets are handed over as `TF_VAR_…`, like all others; they stand in the state in the clear, as Terraform keeps it. */
  readonly variables?: Readonly<Record<string, Json | SecretReference>>;
  /** Files of variables, taken from `folder`. */
  readonly varFiles?: readonly string[];
  /** Settings of the backend that the configuration leaves open (`-backend-config`). Credentials belong into `env`. */
  readonly backend?: Readonly<Record<string, string>>;
  /** Outputs that must be there after it was applied: their names, or a Standard Schema for all of them. Sensitive ones are checked and never kept. */
  readonly outputs?: readonly string[] | StandardSchema;
  /** Whether a plan may destroy or replace resources. Default false: it is refused, naming them. */
  readonly allowDestroy?: boolean;
  /** A folder with the configuration of the release before, on the same backend. With it a rollback plans and applies that one; without it a rollback leaves what was applied. */
  readonly previous?: string;
  /** How long a lock of the state that somebody else holds is waited for. Default `"60s"`. */
  readonly lockTimeout?: Duration;
  /** Variables of the program, e.g. the credentials of providers and backend. */
  readonly env?: Readonly<Record<string, string | SecretReference>>;
  /** Variables of the deploying process that the program has too, besides harmless ones such as `PATH` and `HOME`. Default: none. */
  readonly inherit?: "all" | readonly string[];
  /** Most making the plan, and most applying it, may take. Default `"30m"`. */
  readonly timeout?: Duration;
  /** How long it may take to end in good order when it is told to: what it is doing with a provider, and writing the state. Then it is killed. Default `"60s"`. */
  readonly grace?: Duration;
  /** Where plans and the program's own data are kept, for their owner alone. Default `.fairlead/terraform`. */
  readonly workFolder?: string;
}

const isSchema = (value: unknown): value is StandardSchema => typeof value === "object" && value !== null && "~standard" in value;

const schema = z.strictObject({
  folder: z.string().min(1),
  program: z.string().min(1).optional(),
  stage: stage.default("provision"),
  order: order.default("first"),
  approval: approval.default(false),
  workspace: z.string().min(1).optional(),
  variables: z
    .record(
      z.string().regex(/^[A-Za-z_][\w-]*$/),
      z.custom<unknown>((value) => isSecretReference(value) || z.json().safeParse(value).success, "Write JSON, or name a secret."),
    )
    .default({}),
  varFiles: z.array(z.string().min(1)).default([]),
  backend: z.record(z.string(), z.string()).default({}),
  outputs: z
    .union([z.custom<StandardSchema>(isSchema), z.array(z.string())], "Write the names of outputs, or give a Standard Schema.")
    .default([]),
  allowDestroy: z.boolean().default(false),
  previous: z.string().min(1).optional(),
  lockTimeout: duration.prefault("60s"),
  env: variables.default({}),
  inherit: inherit.default([]),
  timeout: durationText.default("30m"),
  grace: duration.prefault("60s"),
  workFolder: z.string().min(1).default(".fairlead/terraform"),
});

/** The options as they are used; times in milliseconds, but for the steps' own. */
export type TerraformSettings = ResolvedOptions<z.output<typeof schema>>;

/** Checks the options. */
export const terraformOptions: StandardSchema<TerraformOptions, z.output<typeof schema>> = {
  "~standard": { version: 1, vendor: "zod", validate: (value) => schema["~standard"].validate(value) },
};
