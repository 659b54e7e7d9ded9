import type { Actor, Outcome } from "../contract/deployment-events.js";
import type { DeploymentKind } from "../contract/plan.js";
import type { Stage } from "../contract/step.js";
import type { Phase } from "../machine/index.js";
import type { WaitsFor } from "./waits-for.js";

/** What became of a step. `stopped`: somebody asked the deployment to stop while it ran, or another one failed. `unknown`: it was begun, and nobody has said yet what came of it. */
export type StepFate =
  "done" | "taken-back" | "stays" | "failed" | "stopped" | "not-taken-back" | "waiting" | "running" | "unknown" | "not-begun";

export interface ExplainedStep {
  readonly id: string;
  readonly stage: Stage;
  /** What it was to do. */
  readonly description: string;
  readonly fate: StepFate;
  /** How often it was tried. */
  readonly attempts: number;
  /** How long it ran altogether, without what it waited for, in milliseconds; `null` if it was not begun. */
  readonly took: number | null;
  /** How long taking it back ran, in milliseconds. */
  readonly undoTook: number | null;
}

/** Something that it waited for. */
export interface ExplainedWait {
  readonly for: WaitsFor;
  /** For whom or what, in words: `2 people to agree`. */
  readonly what: string;
  /** What was said meanwhile, and what ended it. */
  readonly said: readonly string[];
  /** ISO 8601. */
  readonly from: string;
  /** `null`: it waits still. */
  readonly to: string | null;
  /** In milliseconds; up to the last event where it waits still. */
  readonly took: number;
}

/** What happened in a deployment, and why, in plain words and as data. A view of its journal. */
export interface Explanation {
  readonly deploymentId: string;
  readonly application: string;
  readonly environment: string;
  readonly kind: DeploymentKind;
  readonly phase: Phase;
  readonly outcome: Outcome | null;
  /** How it ended or where it is, and why: one or two sentences. */
  readonly summary: string;
  /** Who began it, and from which release it was to go to which. */
  readonly beginning: string;
  readonly actor: Actor;
  readonly reason: string | null;
  readonly from: string | null;
  readonly to: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** In milliseconds; up to the last event where it goes on. */
  readonly duration: { readonly total: number; readonly working: number; readonly waited: Readonly<Record<WaitsFor, number>> };
  readonly steps: readonly ExplainedStep[];
  readonly waits: readonly ExplainedWait[];
  /** Whether the release was found to be good, and what says so. `null`: nothing was found out about it. */
  readonly verdict: { readonly good: boolean | null; readonly evidence: readonly string[] };
  /** What went wrong on the way, also what was tried again. */
  readonly failures: readonly string[];
  /** What was taken back, and what was not. */
  readonly takenBack: readonly string[];
  /** What serves, as the journals say. */
  readonly serving: string;
  /** What a person can do now: names of commands with what they are about, and what they do. */
  readonly options: readonly { readonly command: string; readonly does: string }[];
}
