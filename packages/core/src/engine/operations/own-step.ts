import type { Operation, PlanStep } from "../../contract/plan.js";
import type { StepDefinition } from "../../contract/step.js";
import { toMilliseconds } from "../../time/duration.js";
import type { OperationContext, OperationHandler } from "../operation.js";

/** What an own step is called in a plan. */
export function ownOperation(plugin: string, { id, version = 1 }: StepDefinition): Operation {
  return `${plugin}/${id}@${String(version) as `${number}`}`;
}

/** An own step of a plugin as a step of a plan. */
export function ownPlanStep(plugin: string, definition: StepDefinition): PlanStep {
  const { id, stage, component, input, timeout, settle, attempts, idempotency, reversibility } = definition;
  return {
    id: `${plugin}.${id}`,
    stage,
    ...(component === undefined ? {} : { component }),
    operation: ownOperation(plugin, definition),
    provider: plugin,
    input: input ?? {},
    description: definition.description ?? `${id} of ${plugin}`,
    effect: definition.effect ?? true,
    idempotency,
    reversibility,
    timeout: toMilliseconds(timeout ?? "60s"),
    ...(definition.observeTimeout === undefined ? {} : { observeTimeout: toMilliseconds(definition.observeTimeout) }),
    settle: toMilliseconds(settle ?? "2s"),
    attempts: attempts ?? 3,
  };
}

/** An own step of a plugin as an operation. */
export function ownStep(definition: StepDefinition): OperationHandler {
  const callOf = ({ call, plan }: OperationContext) => ({ ...call, release: plan.release });
  return {
    run: async (context) => (await definition.run(context.input, callOf(context))) ?? null,
    observe: async (context) => definition.observe?.(context.input, callOf(context)) ?? { status: "absent" },
    ...(definition.reversibility === "undo"
      ? {
          undo: (context) => definition.undo(context.input, { ...callOf(context), output: context.output }),
          observeUndo: async (context) => {
            const observation = await definition.observe?.(context.input, callOf(context));
            // What was done in part is there to be taken back, as what is not known to be gone.
            return observation === undefined || observation.status === "failed" ? { status: "applied" } : observation;
          },
        }
      : {}),
  };
}
