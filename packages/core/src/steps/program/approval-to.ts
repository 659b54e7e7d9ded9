import type { StepApproval } from "../../contract/step.js";

/** The option `approval` of a step that does what an earlier one has found. */
export function approvalTo(step: string, approval: boolean | Omit<StepApproval, "to">): false | StepApproval {
  return approval === false ? false : { ...(approval === true ? {} : approval), to: step };
}
