import type { Candidate, Clock } from "@fairlead/core";
import type { VercelDeployment } from "./api/deployment.js";
import type { VercelClient } from "./api/vercel-client.js";
import type { VercelSettings } from "./options.js";
import type { Placement } from "./placement.js";

/** What the target and the checks work with, for one environment. */
export interface VercelContext {
  /** The plugin's name in the configuration. */
  readonly name: string;
  readonly client: VercelClient;
  readonly clock: Clock;
  readonly settings: VercelSettings;
  readonly placement: Placement;
}

export function toCandidate({ id, host }: VercelDeployment): Candidate {
  return { id, url: `https://${host}` };
}
