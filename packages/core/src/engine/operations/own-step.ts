import type { StepDefinition } from "../../contract/step.js";
import type { OperationContext, OperationHandler } from "../operation.js";

/** An own step of a plugin as an operation. */
export function ownStep(definition: StepDefinition): OperationHandler {
  const callOf = ({ call, plan }: OperationContext) => ({ ...call, release: plan.release });
  return {
    run: async (context) => (await definition.run(context.input, callOf(context))) ?? null,
    observe: async (context) => definition.observe?.(context.input, context.call) ?? { status: "absent" },
    ...(definition.reversibility === "undo"
      ? {
          undo: (context) => definition.undo(context.input, { ...callOf(context), output: context.output }),
          observeUndo: async (context) => definition.observe?.(context.input, context.call) ?? { status: "applied" },
        }
      : {}),
  };
}
