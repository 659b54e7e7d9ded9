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
  /** Whether it counts requests and errors per side. */
  readonly metrics: boolean;
  /** Whether moving traffic cuts no request. */
  readonly lossless: boolean;
}

/** Percentages per candidate id; they sum to 100. */
export type TrafficWeights = Readonly<Record<string, number>>;

/** Sends shares of the traffic to two candidates. Weights below 100 are its matter; promoting is the target's. Every method may be called again. */
export interface TrafficRouter {
  describe(): TrafficAbilities;
  /** Begins a shift between two candidates; all traffic stays with `stable` until `setWeights`. */
  open(
    input: ComponentReference & { readonly stable: Candidate; readonly candidate: Candidate; readonly steps: readonly number[] },
    call: DeploymentCall,
  ): Promise<void>;
  setWeights(input: ComponentReference & { readonly weights: TrafficWeights }, call: DeploymentCall): Promise<void>;
  /** Read live. */
  getWeights(input: ComponentReference, call: CallOptions): Promise<TrafficWeights>;
  /** Stops sending new requests to a candidate and says how many are still in flight. */
  drain(input: ComponentReference & { readonly candidate: Candidate }, call: DeploymentCall): Promise<{ readonly inFlight: number }>;
  /** Ends the shift; all traffic goes to what the target calls current. */
  close(input: ComponentReference, call: DeploymentCall): Promise<void>;
}
