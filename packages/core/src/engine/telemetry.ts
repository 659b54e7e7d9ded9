import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";
import type { DeploymentState } from "../machine/index.js";
import type { DraftEvent } from "./deployment-writer.js";

/** What the engine tells about itself to the outside. Hands results and errors through unchanged. */
export interface Telemetry {
  /** Wraps the driving of a deployment in this process; resolves with the state behind it. */
  deployment(state: DeploymentState, work: () => Promise<DeploymentState>): Promise<DeploymentState>;
  /** Wraps one attempt of a step; resolves with its outcome. */
  step(
    task: { readonly step: PlanStep; readonly direction: Direction; readonly attempt: number },
    work: () => Promise<DraftEvent>,
  ): Promise<DraftEvent>;
}
