import type { Json, JsonObject } from "../json/json.js";
import type { SchemaCompatibility } from "./migrator.js";
import type { Candidate, Release } from "./release.js";
import type { Stage } from "./step.js";

/** What a step does: a call to a capability, a gate, or an own step `plugin/step@version`. */
export type Operation =
  | "gate.preflight"
  | "gate.candidate"
  | "gate.approval"
  | "gate.bake"
  | "gate.analysis"
  | "gate.smoke"
  | "gate.requirement"
  | "gate.freeze"
  | "target.prepare"
  | "target.promote"
  | "target.discard"
  | "traffic.open"
  | "traffic.weights"
  | "traffic.close"
  | "migrator.verify"
  | "migrator.apply"
  | `${string}/${string}@${number}`;

/** A place in a step's input that is filled with the journalled output of an earlier step. */
export interface OutputReference {
  readonly $output: string;
  /** A step without which there is nothing: with it undone or failed the place stays empty. */
  readonly $after?: string;
}

export interface PlanStep {
  /** Unique in the plan, readable: `web.prepare`. */
  readonly id: string;
  readonly stage: Stage;
  readonly component?: string;
  readonly operation: Operation;
  /** Name of the plugin that does it; absent for what core does itself. */
  readonly provider?: string;
  readonly input: JsonObject;
  /** For people: what it will do. */
  readonly description: string;
  /** Whether it changes anything outside the journal. */
  readonly effect: boolean;
  readonly idempotency: "keyed" | "natural" | "none";
  readonly reversibility: "undo" | "leave" | "irreversible";
  /** Most an attempt may take, in milliseconds. */
  readonly timeout: number;
  /** Most an attempt to take it back may take, in milliseconds; as long as `timeout` if absent. */
  readonly undoTimeout?: number;
  /** Most it may take to find out what came of an attempt, in milliseconds; 15 s if absent. */
  readonly observeTimeout?: number;
  /** How long after an attempt of unknown outcome its effect may still land, in milliseconds. */
  readonly settle: number;
  /** Tries inside one attempt for errors that say `retryable`. */
  readonly attempts: number;
  /** What its failure means where it is one of many that do the same; a deployment is taken back if absent. */
  readonly failure?: StepFailure;
}

/** As many as `most` steps of the fleet `of` may fail before the others are kept from going on. Then the deployment is taken back, or a person decides; a person also decides about those that failed, before the next stage. */
export interface StepFailure {
  readonly of: string;
  readonly most: number;
  readonly then: "take-back" | "ask";
}

/** Steps that run at the same time. Groups run in order; undo goes backwards by intent. */
export interface PlanGroup {
  readonly stage: Stage;
  readonly steps: readonly PlanStep[];
}

export type DeploymentKind = "deploy" | "rollback" | "adopt";

/** A component as the plan pins it. */
export interface PlanComponent {
  readonly name: string;
  readonly role: "web" | "worker";
  readonly target: string;
  /** Name of the plugin that sends shares of its traffic. Absent: it moves as a whole. */
  readonly traffic?: string;
  /** What served when the plan was made; checked again when the environment is claimed. Where an undone promote goes back to. */
  readonly previous?: Candidate;
}

/** How many people have to agree, and how long that is waited for. */
export interface PlanApproval {
  readonly required: number;
  /** In milliseconds. */
  readonly expiresAfter: number;
}

/** Commits, the newest first, as far as they are listed. What an author has written is as it was written. */
export interface CommitList {
  readonly listed: readonly { readonly commit: string; readonly author: string; readonly subject: string }[];
  /** How many there are besides. */
  readonly more: number;
}

/** The way from the commit of one release to that of another, as git knew it where the plan was made. */
export interface CommitsBetween {
  /** The commit of the release before. */
  readonly since: string;
  readonly added: CommitList;
  /** What the release before had and this one has not: it is older, of another branch, or the history was written anew. */
  readonly dropped: CommitList;
}

/** What a deployment will do, as data. Compiled once and pinned in the journal; recovery reads it and never runs user code again. */
export interface Plan {
  readonly version: 1;
  readonly kind: DeploymentKind;
  readonly application: string;
  readonly environment: string;
  readonly strategy: string;
  readonly release: Release;
  /** Id of the release that the journal says serves now. */
  readonly previousRelease?: string;
  readonly components: readonly PlanComponent[];
  readonly groups: readonly PlanGroup[];
  /** How many people have to agree before it begins. Absent: nobody has to. Not part of the digest. */
  readonly approval?: PlanApproval;
  readonly compatibility: SchemaCompatibility;
  /** For people: what to know before saying yes. */
  readonly warnings: readonly string[];
  /** For people, where git knew it. Not part of the digest. */
  readonly commits?: CommitsBetween;
  /** `sha256:<hex>` over content, migrations, versions of config and secrets, strategy, steps and compatibility; not over times nor what serves now. */
  readonly digest: string;
}

/** A step's input with every `{ $output }` filled in. */
export type StepInput = Readonly<Record<string, Json | undefined>>;
