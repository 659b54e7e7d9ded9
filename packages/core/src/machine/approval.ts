import type { OutputReference, PlanStep } from "../contract/plan.js";
import { digestOf } from "../json/canonical-json.js";
import type { Json } from "../json/json.js";
import { stepsOf, type Approval, type DeploymentState } from "./state.js";

/** Whether enough people have agreed to the plan as it is. Their word to another plan does not count. */
export function isApproved(state: DeploymentState): boolean {
  return approversOf(state, null).length >= (state.plan.approval?.required ?? 0);
}

/** The people who have agreed to the plan as it is, or to going on behind a step: each once. */
export function approversOf(state: DeploymentState, step: string | null): readonly string[] {
  const digest = digestAsked(state, step);
  return [...new Set(state.approvals.filter((approval) => isAbout(approval, step, digest)).map(({ actor }) => actor.name))];
}

/** Who has refused it, if somebody has. */
export function rejectionOf(state: DeploymentState, step: string | null): Approval | undefined {
  const digest = digestAsked(state, step);
  return state.rejections.find((rejection) => isAbout(rejection, step, digest));
}

/** The step that waits for people to agree, if one does; of several the first. */
export function stepAsked({ plan, steps }: DeploymentState): PlanStep | undefined {
  return stepsOf(plan).find(({ id }) => {
    const forward = steps[id]?.forward;
    return forward?.status === "deferred" && forward.waitingFor === "approval";
  });
}

/** Whether it is people who keep it from beginning, or have: who refused it, or who have yet to agree. */
export function wasUpToPeople(state: DeploymentState): boolean {
  return rejectionOf(state, null) !== undefined || !isApproved(state);
}

/** What the word of people is bound to: the plan, and where they agree to what an earlier step has answered, that answer. */
export function digestAsked(state: DeploymentState, step: string | null): string {
  const reference = step === null ? undefined : referenceOf(state, step);
  return reference === undefined ? state.plan.digest : digestOf({ plan: state.plan.digest, answer: answerOf(state, reference) });
}

/** What people who are asked by this step are shown, line by line. */
export function summaryAsked(state: DeploymentState, step: string): readonly string[] {
  const reference = referenceOf(state, step);
  return reference === undefined ? [] : summaryOf(answerOf(state, reference));
}

/** The lines of an answer for those who are to agree to it. */
export function summaryOf(answer: Json | undefined): readonly string[] {
  if (typeof answer !== "object" || answer === null || !("summary" in answer) || !Array.isArray(answer["summary"])) return [];
  return answer["summary"].filter((line: Json): line is string => typeof line === "string");
}

function isAbout(word: Approval, step: string | null, digest: string): boolean {
  return word.step === step && word.digest === digest;
}

/** The step whose answer is what a gate asks about. */
function referenceOf({ plan }: DeploymentState, gate: string): string | undefined {
  const to = stepsOf(plan).find(({ id, operation }) => id === gate && operation === "gate.approval")?.input["to"];
  return isReference(to) ? to.$output : undefined;
}

function answerOf(state: DeploymentState, step: string): Json {
  const forward = state.steps[step]?.forward;
  return forward?.status === "succeeded" ? forward.output : null;
}

function isReference(value: Json | undefined): value is Json & OutputReference {
  return typeof value === "object" && value !== null && "$output" in value && typeof value["$output"] === "string";
}
