import type { JsonObject } from "../json/json.js";
import type { Duration } from "../time/duration.js";
import type { CallOptions } from "./call.js";
import type { Candidate, Release } from "./release.js";
import type { ComponentReference } from "./target.js";

/** `degraded` serves with reduced quality. */
export type CheckStatus = "up" | "degraded" | "down";

/** What a check has found out. It is read by people and programs who may see no secret, so that nothing in it holds one. */
export interface CheckResult {
  readonly status: CheckStatus;
  /**
   * A code, stable and safe to publish: `timeout`, `refused`, `http_500`, `blocked`, … Default `check_failed`, which also stands for what is no code of lower-case letters, digits and underscores.
   */
  readonly reason?: string;
  /** For authorised eyes only. */
  readonly message?: string;
  /** What to do about it; shown by `doctor` and when it stops a deployment. */
  readonly hint?: string;
  readonly data?: JsonObject;
}

interface CheckBase {
  /** Unique where it is registered; kebab-case. */
  readonly name: string;
  /** What it means when it fails: a critical check makes the whole unhealthy, another degraded. Default true. */
  readonly critical?: boolean;
  /** Most a run may take. Default 2 s. */
  readonly timeout?: Duration;
  /** How often it runs in the background. Default 10 s. */
  readonly interval?: Duration;
}

/**
 * One health question about the application. `process`: about this process only, the sole kind that liveness accepts. `dependency`: about something it needs.
 * Every check resolves with the answer also where what it asks about is down or cannot be asked; one that throws counts as down, and says less about it. Once its signal has aborted it may end in any way.
 */
export interface ApplicationCheck extends CheckBase {
  readonly scope: "application";
  /** Default `dependency`. */
  readonly kind?: "process" | "dependency";
  run(call: CallOptions): Promise<CheckResult> | CheckResult;
}

/** A check that says something about this process and nothing else. */
export interface ProcessCheck extends ApplicationCheck {
  readonly kind: "process";
}

/** A question about the provider itself: credentials, reach, settings that work against us. Asked by `doctor` and before a deployment; never makes the application unhealthy. */
export interface ProviderCheck extends CheckBase {
  readonly scope: "provider";
  run(call: CallOptions): Promise<CheckResult> | CheckResult;
}

/** What a candidate check is asked about. */
export interface CandidateSubject extends ComponentReference {
  readonly release: Release;
  readonly candidate: Candidate;
  /** False before the promote: ask the candidate where it alone answers. True in the bake: ask where users ask. */
  readonly live: boolean;
}

/** A question about one release of one component, asked by a deployment. `up` only if the answer came from that very release. */
export interface CandidateCheck extends CheckBase {
  readonly scope: "candidate";
  run(subject: CandidateSubject, call: CallOptions): Promise<CheckResult> | CheckResult;
}

export type Check = ApplicationCheck | ProviderCheck | CandidateCheck;
