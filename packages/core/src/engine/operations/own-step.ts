import type { Operation, PlanStep } from "../../contract/plan.js";
import type { StepApproval, StepDefinition } from "../../contract/step.js";
import { gateStep, type OwnStep } from "../../plan/index.js";
import { toMilliseconds } from "../../time/duration.js";
import type { OperationContext, OperationHandler } from "../operation.js";

/** What an own step is called in a plan. */
export function ownOperation(plugin: string, { id, version = 1 }: StepDefinition): Operation {
  return `${plugin}/${id}@${String(version) as `${number}`}`;
}

/** An own step of a plugin as steps of a plan: itself, and before it the people who have to agree to it. */
export function ownPlanSteps(plugin: string, definition: StepDefinition): readonly OwnStep[] {
  const order = definition.order ?? "last";
  return [...approvalStep(plugin, definition), ownPlanStep(plugin, definition)].map((step) => ({ step, order }));
}

function approvalStep(plugin: string, { id, stage, component, approval = false }: StepDefinition): readonly PlanStep[] {
  if (approval === false) return [];
  const { required = 1, expiresAfter = "24h", to }: StepApproval = approval === true ? {} : approval;
  const people = `${String(required)} ${required === 1 ? "person" : "people"}`;
  const gate = gateStep({
    id: `${plugin}.${id}.approval`,
    stage,
    operation: "gate.approval",
    description: `wait for ${people} to agree to ${to === undefined ? `${plugin}.${id}` : `what ${plugin}.${to} has found`}`,
    timeout: 60_000,
  });
  const about = to === undefined ? {} : { to: { $output: `${plugin}.${to}` } };
  const input = { required, expiresAfter: toMilliseconds(expiresAfter), ...about };
  return [{ ...gate, ...(component === undefined ? {} : { component }), input }];
}

function ownPlanStep(plugin: string, definition: StepDefinition): PlanStep {
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
