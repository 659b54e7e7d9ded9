import type { RequirementSpec } from "../plan/index.js";
import { toMilliseconds, type Duration } from "../time/duration.js";

/** What another application, whose deployments are kept in the same store, has to serve before a deployment begins. Without `release` and `atLeast`: anything. */
export interface RequirementOptions {
  readonly application: string;
  /** Default: the one of the same name. */
  readonly environment?: string;
  /** This release, by its id or its commit. */
  readonly release?: string;
  /** This release, by its id or the commit of one that has served there, or one that was made later. */
  readonly atLeast?: string;
  /** Whether the deployment is held until then (default), or rejected. */
  readonly orElse?: "wait" | "refuse";
  /** How long it is held before it expires. Default `24h`. */
  readonly within?: Duration;
}

/** Fills in the defaults. The options have been checked. */
export function requirementSpec(options: RequirementOptions, environment: string): RequirementSpec {
  const { release, atLeast, orElse = "wait", within = "24h" } = options;
  return {
    application: options.application,
    environment: options.environment ?? environment,
    release,
    atLeast,
    orElse,
    within: toMilliseconds(within),
  };
}
