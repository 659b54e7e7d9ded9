import type { ComponentReference, DeploymentCall } from "@fairlead/core";
import type { VercelDeployment } from "../api/deployment.js";

/** What an environment's domains show. */
export interface Showing {
  /** The deployment that serves; where the provider names none yet, the one that is about to, or that some domain shows already. */
  readonly deployment: VercelDeployment;
  /** Ids of all deployments that a domain shows or is about to show. */
  readonly involved: readonly string[];
  readonly settled: boolean;
  readonly note?: string;
}

/** Where traffic is to go. */
export interface Destination {
  readonly deployment: VercelDeployment;
  /** All domains of the environment. */
  readonly domains: readonly string[];
}

/** How traffic moves in an environment. */
export interface Traffic {
  /** Read live. `undefined`: nothing serves. */
  showing(signal: AbortSignal): Promise<Showing | undefined>;
  /** The domains that have to show what serves. */
  domains(signal: AbortSignal): Promise<readonly string[]>;
  /** Points these domains to a deployment that is ready, and resolves when Vercel says that they all do. Nothing is done where they do already. */
  move(destination: Destination, call: DeploymentCall): Promise<void>;
  /** Deployments to go back to, the newest first; what serves may be among them. */
  retained(component: ComponentReference, signal: AbortSignal): Promise<readonly VercelDeployment[]>;
}
