import type { AnalysisSpec } from "../plan/analysis-step.js";

/** How long something stays as it is, in milliseconds; `null`: until a person advances. */
export type HoldSpec = number | null;

/** A share of the traffic in percent, how long it is watched, and what it is judged by meanwhile. */
export interface ShareSpec {
  readonly weight: number;
  readonly hold: HoldSpec;
  readonly analysis: AnalysisSpec | undefined;
}

export interface RollingSpec {
  readonly kind: "rolling";
  /** Places that move at the same time. */
  readonly batch: number;
  /** In milliseconds. */
  readonly watch: number;
  /** Places that may fail. */
  readonly failures: number;
  readonly onFailure: "take-back" | "ask";
}

/** A strategy with every default filled in. */
export type StrategySpec =
  | { readonly kind: "direct" }
  | { readonly kind: "canary"; readonly steps: readonly ShareSpec[] }
  | RollingSpec
  | { readonly kind: "blueGreen"; readonly preview: HoldSpec | undefined; readonly standby: number | undefined };
