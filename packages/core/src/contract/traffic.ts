import type { CallOptions, DeploymentCall } from "./call.js";
import type { Candidate } from "./release.js";
import type { ComponentReference } from "./target.js";

/** What a router can do, so that a plan can refuse or warn before anything moves. */
export interface TrafficAbilities {
  /** `any`: every percentage. `staged`: only the percentages given to `open`. `none`: all or nothing. */
  readonly weights: "any" | "staged" | "none";
  /** Whether `drain` waits for requests in flight. */
  readonly drain: boolean;
  /** How a session stays with its side while weights change. */
  readonly affinity: "none" | "cookie" | "client";
  /** Users who can be sent to the candidate by attribute. */
  readonly segments: readonly ("header" | "cookie" | "list")[];
  /** Whether it counts requests and errors per side: then it has `counts`. */
  readonly metrics: boolean;
  /** Whether moving traffic cuts no request. */
  readonly lossless: boolean;
}

/** What was counted of one candidate: totals that only grow, and begin anew where what counts does. */
export interface TrafficCount {
  /** Its id. */
  readonly candidate: string;
  /** Who counted, where several do: totals of the same name are held against each other. Default: one for all. */
  readonly instance?: string;
  /** Requests that it was sent. */
  readonly requests: number;
  /** Of those, the ones that it failed: it answered with a status of 500 or more, or did not answer. */
  readonly errors: number;
}

/** Percentages per candidate id; they sum to 100. */
export type TrafficWeights = Readonly<Record<string, number>>;

/**
 * Sends shares of the traffic of a component to two candidates. Shares are its matter; which candidate is `current` is the target's. Every method may be called again, also by another process after
 * a crash; each re-reads the provider.
 */
export interface TrafficRouter {
  describe(): TrafficAbilities;
  /** Begins a shift between two candidates, in place of any other; all traffic goes to `stable` until `setWeights`. One that is open between the same two stays as it is. */
  open(
    input: ComponentReference & { readonly stable: Candidate; readonly candidate: Candidate; readonly steps: readonly number[] },
    call: DeploymentCall,
  ): Promise<void>;
  /**
   * Resolves when new requests are shared out so. Refuses, with an error that is not retryable, candidates that no shift is open for, shares that do not sum to 100, and shares that it was not opened with where it knows only `staged` ones;
   * none at all for the candidate is always one that it knows.
   */
  setWeights(input: ComponentReference & { readonly weights: TrafficWeights }, call: DeploymentCall): Promise<void>;
  /** Read live: how new requests are shared out. In a shift it names both candidates, also one without a share. Without a shift all go to what the target calls current; empty where nothing serves. */
  getWeights(input: ComponentReference, call: CallOptions): Promise<TrafficWeights>;
  /**
   * Read live: what was counted of the component's candidates. One that is left out was sent nothing. There where `describe` says `metrics`, so that a canary can be judged by it. Rejects where it cannot be told: it never
   * answers less than was counted.
   */
  counts?(input: ComponentReference, call: CallOptions): Promise<readonly TrafficCount[]>;
  /** Stops sending new requests to a candidate and says how many are still in flight. */
  drain(input: ComponentReference & { readonly candidate: Candidate }, call: DeploymentCall): Promise<{ readonly inFlight: number }>;
  /** Ends the shift; all traffic goes to what the target calls current. */
  close(input: ComponentReference, call: DeploymentCall): Promise<void>;
}
