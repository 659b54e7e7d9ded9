import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";
import type { DraftEvent } from "./deployment-writer.js";

/** What the engine tells about itself to the outside. */
export interface Telemetry {
  /** Wraps one attempt of a step; hands its outcome through. */
  step(
    task: { readonly step: PlanStep; readonly direction: Direction; readonly attempt: number },
    work: () => Promise<DraftEvent>,
  ): Promise<DraftEvent>;
}
