import type { Candidate } from "../../contract/release.js";
import type { StepObservation } from "../../contract/step.js";
import type { OperationContext, OperationHandler } from "../operation.js";
import { candidateOf, subjectOf } from "./read-input.js";

/** Makes a candidate serve; taken back by promoting what served before. */
export const targetPromote: OperationHandler = {
  async run(context) {
    const candidate = candidateOf(context);
    await promote(context, candidate, previousOf(context));
    return { candidate: candidate.id };
  },

  observe: (context) => served(context, candidateOf(context)),

  async undo(context) {
    const previous = previousOf(context);
    if (previous !== undefined) await promote(context, previous, candidateOf(context));
  },

  async observeUndo(context) {
    const previous = previousOf(context);
    if (previous === undefined) return { status: "undone" };
    const { status } = await served(context, previous);
    if (status === "in-progress") return { status };
    return { status: status === "applied" ? "undone" : "applied" };
  },
};

async function promote(context: OperationContext, candidate: Candidate, previous: Candidate | undefined): Promise<void> {
  const { component, plugin } = subjectOf(context);
  const target = await context.capabilities.get(plugin, "target");
  await target.promote({ ...component, candidate, ...(previous === undefined ? {} : { previous }) }, context.call);
}

async function served(context: OperationContext, candidate: Candidate): Promise<StepObservation> {
  const { component, plugin } = subjectOf(context);
  const target = await context.capabilities.get(plugin, "target");
  const serving = await target.current(component, context.call);
  // Where a move is under way, what serves says nothing yet of where it goes.
  if (serving?.settled === false) return { status: "in-progress" };
  return serving?.candidate.id === candidate.id ? { status: "applied", output: { candidate: candidate.id } } : { status: "absent" };
}

function previousOf({ plan, component }: OperationContext): Candidate | undefined {
  return plan.components.find(({ name }) => name === component?.component)?.previous;
}
