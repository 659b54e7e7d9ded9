import * as z from "zod";
import type { ResolvedOptions } from "../../contract/plugin.js";
import type { StandardSchema } from "../../contract/standard-schema.js";
import type { Stage, StepApproval } from "../../contract/step.js";
import type { SecretReference } from "../../secret/secret.js";
import type { Duration } from "../../time/duration.js";
import { approval, duration, durationText, inherit, order, stage, variables } from "../program/option-schemas.js";

/** A program and its arguments, which no shell ever sees; or, said explicitly, a line for `/bin/sh`. */
export type CommandLine = readonly [program: string, ...parameters: string[]] | { readonly shell: string };

interface CommandBase {
  /** Where on the road it runs. */
  readonly stage: Stage;
  /** Whether it runs before everything that Fairlead does itself in this stage, or after it; beside other own steps in the order of the plugins. Default `last`. */
  readonly order?: "first" | "last";
  /** Whether people have to agree before it runs; `true`: one, within a day. Default false. */
  readonly approval?: boolean | Omit<StepApproval, "to">;
  /** What does it. */
  readonly run: CommandLine;
  /** The component it belongs to. Default: the whole deployment. */
  readonly component?: string;
  /** The folder that all its commands run in. Default: that of the deploying process. */
  readonly cwd?: string;
  /** Variables for its commands. A `secret("NAME")` is masked in everything that comes out. `FAIRLEAD_RELEASE`, `…_ENVIRONMENT`, `…_DEPLOYMENT`, `…_APPLICATION`, `…_COMMIT` and `…_IDEMPOTENCY_KEY` are set besides. */
  readonly env?: Readonly<Record<string, string | SecretReference>>;
  /** Variables of the deploying process that its commands have too, besides harmless ones such as `PATH` and `HOME`. `"all"` hands on secrets that nobody masks. Default: none. */
  readonly inherit?: "all" | readonly string[];
  /** Exit codes of `run` and `undo` that mean done. Default `[0]`. */
  readonly successCodes?: readonly number[];
  /** Exit codes of `run` and `undo` that mean: worth trying again. Default: none. */
  readonly retryCodes?: readonly number[];
  /** Most one attempt may take. Default `"10m"`. */
  readonly timeout?: Duration;
  /** Most `observe` may take. Default `"15s"`. */
  readonly observeTimeout?: Duration;
  /** How long its programs may take to end when they are told to (SIGTERM) before they are killed. Default `"5s"`. */
  readonly grace?: Duration;
  /** Attempts for exit codes that are worth trying again. Default 3. */
  readonly attempts?: number;
}

/** Whether it may be run twice. */
type CommandIdempotency =
  /** `natural`: doing it twice is doing it once. `keyed`: what it calls recognises `FAIRLEAD_IDEMPOTENCY_KEY`. */
  | { readonly idempotency: "natural" | "keyed"; readonly observe?: CommandLine }
  /** `none`: doing it twice is wrong, so `observe` has to tell whether it was done: exit code 0 says that it was, 1 that it was not, any other that nobody knows. */
  | { readonly idempotency: "none"; readonly observe: CommandLine };

/** Whether it can be taken back. */
type CommandReversibility =
  /** `undo` is run on a rollback: perhaps twice, and perhaps where nothing was done. */
  | { readonly reversibility: "undo"; readonly undo: CommandLine }
  /** `leave`: harmless if left. `irreversible`: after it, a failure asks a person instead of rolling back. */
  | { readonly reversibility: "leave" | "irreversible" };

/** Options of `command()`. */
export type CommandOptions = CommandBase & CommandIdempotency & CommandReversibility;

const line = z.union(
  [z.array(z.string()).min(1), z.strictObject({ shell: z.string().min(1) })],
  'Write the program and its arguments, e.g. ["node", "upload.mjs"], or { shell: "…" }.',
);
const codes = z.array(z.int().min(0).max(255));

const schema = z
  .strictObject({
    stage,
    order: order.default("last"),
    approval: approval.default(false),
    run: line,
    component: z.string().min(1).optional(),
    cwd: z.string().min(1).default("."),
    env: variables.default({}),
    inherit: inherit.default([]),
    successCodes: codes.min(1).default([0]),
    retryCodes: codes.default([]),
    timeout: durationText.default("10m"),
    observeTimeout: durationText.default("15s"),
    grace: duration.prefault("5s"),
    attempts: z.int().positive().default(3),
    idempotency: z.enum(["natural", "keyed", "none"]),
    observe: line.optional(),
    reversibility: z.enum(["undo", "leave", "irreversible"]),
    undo: line.optional(),
  })
  .superRefine(({ idempotency, observe, reversibility, undo }, context) => {
    if (idempotency === "none" && observe === undefined) {
      context.addIssue({
        code: "custom",
        path: ["observe"],
        message: "What must not be done twice has to be observable: say which command tells.",
      });
    }
    if ((reversibility === "undo") !== (undo !== undefined)) {
      context.addIssue({ code: "custom", path: ["undo"], message: 'Give `undo` and `reversibility: "undo"` together, or neither.' });
    }
  });

/** The options as they are used; times in milliseconds, but for the step's own. */
export type CommandSettings = ResolvedOptions<z.output<typeof schema>>;

/** Checks the options. */
export const commandOptions: StandardSchema<CommandOptions, z.output<typeof schema>> = {
  "~standard": { version: 1, vendor: "zod", validate: (value) => schema["~standard"].validate(value) },
};
