import type { Store } from "../contract/store.js";
import type { SmokeOptions } from "./smoke/smoke.js";
import type { FreezeSpec } from "../config/freezes.js";
import type { ApplicationCheck, CandidateCheck } from "../contract/check.js";

/** How the gates of an environment ask. */
export interface GateOptions {
  /** Besides those of the plugins. */
  readonly candidateChecks: readonly CandidateCheck[];
  readonly applicationChecks: readonly ApplicationCheck[];
  readonly smoke: SmokeOptions;
  readonly store: Store;
  readonly freezes: readonly FreezeSpec[];
  /** How often a check must be up in a row before a candidate counts as well. */
  readonly successes: number;
  /** Failures in a row that end a bake. */
  readonly failures: number;
  /** For how long they must have come in a row, in milliseconds. */
  readonly failingFor: number;
  /** Between two rounds, in milliseconds. */
  readonly every: number;
}
