import type { Json, JsonObject } from "../json/json.js";
import type { Duration } from "../time/duration.js";
import type { DeploymentCall } from "./call.js";
import type { Release } from "./release.js";

/** Where on the road a step belongs; stages run in this order. */
export type Stage = "preflight" | "backup" | "provision" | "expand" | "verify" | "shift" | "promote" | "bake" | "finalize" | "contract";

/** What is true about an own step's effect. */
export type StepObservation =
  | { readonly status: "absent" | "undone" | "in-progress" }
  | { readonly status: "applied"; readonly output?: Json }
  | { readonly status: "failed" | "indeterminate"; readonly reason: string };

/** People who have to agree before a step runs. */
export interface StepApproval {
  /** How many. Default 1. */
  readonly required?: number;
  /** How long their word is waited for, before the deployment is taken back. Default `24h`. */
  readonly expiresAfter?: Duration;
  /**
   * The id of an earlier step of the same plugin: people agree to what it has answered, and to nothing else. `summary` of that answer, lines of text, is shown to them; where it says
   * `hasChanges: false` nobody is asked.
   */
  readonly to?: string;
}

export interface StepCall extends DeploymentCall {
  readonly release: Release;
}

interface StepBase<Input extends JsonObject> {
  /** Kebab-case; with the plugin's name it makes the operation `plugin/step@version`. */
  readonly id: string;
  /** Raise it when the meaning of `input` changes: a journal that names another version is not resumed with this one. Default 1. */
  readonly version?: number;
  readonly stage: Stage;
  /** Whether it runs before everything that Fairlead does itself in this stage, or after it. Default `last`. */
  readonly order?: "first" | "last";
  /** People who have to agree before it runs. `true`: one, within a day. Default: nobody has to. */
  readonly approval?: boolean | StepApproval;
  /** For people: what it will do. Default: its id and the plugin's name. */
  readonly description?: string;
  /** The component it belongs to; a step without one belongs to the whole deployment. */
  readonly component?: string;
  /** JSON, pinned in the plan. No secrets. */
  readonly input?: Input;
  /** Most one attempt may take. Default 60 s. */
  readonly timeout?: Duration;
  /** How long after an attempt ended without a known outcome its effect may still land. Default 2 s. */
  readonly settle?: Duration;
  /** Most it may take to find out what came of it. Default 15 s. */
  readonly observeTimeout?: Duration;
  /** Whether it changes anything outside. One that does not is never observed or taken back: it is run again. Default true. */
  readonly effect?: boolean;
  /** Attempts for errors that say `retryable`. Default 3. */
  readonly attempts?: number;
  /** Does it. */
  run(input: Input, call: StepCall): Promise<Json | undefined>;
}

type StepIdempotency<Input extends JsonObject> =
  /** `keyed`: the provider recognises `idempotencyKey`. `natural`: doing it twice is doing it once. */
  | {
      readonly idempotency: "keyed" | "natural";
      observe?(input: Input, call: StepCall): Promise<StepObservation>;
    }
  /** `none`: doing it twice is wrong, so whether it happened must be observable. */
  | {
      readonly idempotency: "none";
      observe(input: Input, call: StepCall): Promise<StepObservation>;
    };

type StepReversibility<Input extends JsonObject> =
  /** `undo`: taken back on a rollback. May be called again, and where nothing was done. Must cope with an unknown outcome: `output` is then undefined. */
  | { readonly reversibility: "undo"; undo(input: Input, call: StepCall & { readonly output: Json | undefined }): Promise<void> }
  /** `leave`: harmless if left. `irreversible`: after it, a failure asks a person instead of rolling back. */
  | { readonly reversibility: "leave" | "irreversible" };

/** A step of one's own on the road of a deployment. */
export type StepDefinition<Input extends JsonObject = JsonObject> = StepBase<Input> & StepIdempotency<Input> & StepReversibility<Input>;
