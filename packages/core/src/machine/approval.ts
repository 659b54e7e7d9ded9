import type { Approval, DeploymentState } from "./state.js";

/** Whether enough people have agreed to the plan as it is. Their word to another plan does not count. */
export function isApproved(state: DeploymentState): boolean {
  return approversOf(state, null).length >= (state.plan.approval?.required ?? 0);
}

/** The people who have agreed to the plan as it is, or to going on behind a step: each once. */
export function approversOf({ approvals, plan }: DeploymentState, step: string | null): readonly string[] {
  return [...new Set(approvals.filter((approval) => isAbout(approval, step, plan.digest)).map(({ actor }) => actor.name))];
}

/** Who has refused it, if somebody has. */
export function rejectionOf({ rejections, plan }: DeploymentState, step: string | null): Approval | undefined {
  return rejections.find((rejection) => isAbout(rejection, step, plan.digest));
}

function isAbout(word: Approval, step: string | null, digest: string): boolean {
  return word.step === step && word.digest === digest;
}
