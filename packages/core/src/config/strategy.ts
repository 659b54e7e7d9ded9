import type { Duration } from "../time/duration.js";
import type { AnalysisOptions } from "./analysis-options.js";

/** How long something stays as it is: for a time, or until a person says `advance`. */
export type Hold = { readonly for: Duration } | { readonly until: "advanced" };

/** A share of the traffic, in percent, and how long the candidate is watched at it. */
export type CanaryStep = { readonly weight: number } & Hold;

/** All traffic at once, as soon as the candidate is well. */
export interface DirectStrategy {
  readonly kind: "direct";
}

/** Growing shares of the traffic for the candidate. Needs a router that sends shares. */
export interface CanaryStrategy {
  readonly kind: "canary";
  readonly steps: readonly CanaryStep[];
  /** Holds the candidate against the release that serves beside it, at every share as long as that stays; `for` says how long at those that stay until a person advances. Default: the checks alone watch it. */
  readonly analysis?: AnalysisOptions;
}

/** All traffic at once, between two releases that both run. */
export interface BlueGreenStrategy {
  readonly kind: "blueGreen";
  /** How long people may look at the candidate, where it alone answers, before it gets traffic. Default: not at all. */
  readonly preview?: Hold;
  /** How long the release before stays ready to take all traffic back at once. Needs a router. Default: until the promote. */
  readonly standby?: Duration;
}

/** Some places after the others. Of a component that runs in several. */
export interface RollingStrategy {
  readonly kind: "rolling";
  /** How many places move at the same time: a number, or a share of all, rounded up. Default 1. */
  readonly batch?: number | Percentage;
  /** How long the checks watch a batch before the next one moves. Default `10s`. */
  readonly watch?: Duration;
  /** How many places may fail to move and the others still go on: a number, or a share of all, rounded down. A person decides about those in the end. Default 0. */
  readonly failures?: number | Percentage;
  /** What becomes of it when more than that have failed: all are taken back (default), or the others wait for a person. */
  readonly onFailure?: "take-back" | "ask";
}

export type Percentage = `${number}%`;

/** How traffic moves from the release that serves to the next one. */
export type Strategy = DirectStrategy | CanaryStrategy | BlueGreenStrategy | RollingStrategy;

/** All traffic at once, as soon as the candidate is well. What a component has that names no strategy. */
export function direct(): DirectStrategy {
  return { kind: "direct" };
}

/**
 * Growing shares of the traffic: `canary({ steps: [{ weight: 10, for: "2m" }, { weight: 50, until: "advanced" }] })`. After each share the checks watch the candidate as long as the step says;
 * one that fails sends all traffic back at once. Behind the last step the candidate is promoted. Where nothing serves yet it is promoted directly.
 */
export function canary(options: Omit<CanaryStrategy, "kind">): CanaryStrategy {
  return { kind: "canary", ...options };
}

/**
 * All traffic at once, and at once back: `blueGreen({ preview: { until: "advanced" }, standby: "10m" })`. With a router both releases run until the standby is over, and a failure costs one change of
 * the router; without one the target's promote is the switch.
 */
export function blueGreen(options: Omit<BlueGreenStrategy, "kind"> = {}): BlueGreenStrategy {
  return { kind: "blueGreen", ...options };
}

/**
 * Place after place: `rolling({ batch: "25%", watch: "30s" })` for a component that runs at several targets, `target: ["docker-eu", "docker-us"]`. A release that has not reached all of them is never
 * called a success.
 */
export function rolling(options: Omit<RollingStrategy, "kind"> = {}): RollingStrategy {
  return { kind: "rolling", ...options };
}
