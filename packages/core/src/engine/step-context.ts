import type { Direction } from "../contract/deployment-events.js";
import type { OutputReference, PlanStep, StepInput } from "../contract/plan.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Json } from "../json/json.js";
import { approversOf, rejectionOf, type DeploymentState } from "../machine/index.js";
import type { Engine } from "./engine.js";
import type { StepLog } from "./log-writer.js";
import type { OperationContext, OperationHandler, Waited } from "./operation.js";

/** The handler of a step. Throws `STEP_UNKNOWN` when this process does not know the operation. */
export function handlerOf(engine: Engine, step: PlanStep): OperationHandler {
  const handler = engine.operation(step.operation);
  if (handler === undefined) throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return handler;
}

/** What a step's operation is called with. The idempotency key is of the step, not of the attempt: what takes it back finds by it what there is to take back. */
export function contextOf(
  engine: Engine,
  state: DeploymentState,
  call: { readonly step: PlanStep; readonly direction: Direction; readonly signal: AbortSignal; readonly log: StepLog },
): OperationContext & { readonly output: Json | undefined } {
  const { step, signal } = call;
  const component = state.plan.components.find(({ name }) => name === step.component);
  return {
    step,
    plan: state.plan,
    input: resolveInput(step, state),
    component:
      component === undefined
        ? undefined
        : { application: engine.application, environment: engine.environment, component: component.name, role: component.role },
    capabilities: engine.capabilities,
    clock: engine.clock,
    output: outputOf(state, step.id),
    waited: waitedOf(state, step.id),
    call: {
      environment: engine.environment,
      deploymentId: state.id,
      actor: state.actor,
      idempotencyKey: `${state.id}/${step.id}`,
      signal,
      log: call.log.of(step.id),
    },
  };
}

function waitedOf(state: DeploymentState, step: string): Waited {
  const rejection = rejectionOf(state, step);
  return {
    memo: state.steps[step]?.memo ?? null,
    pausedFor: state.pausedFor,
    overridden: state.overridden,
    approvers: approversOf(state, step),
    rejection: rejection && { actor: rejection.actor.name, reason: rejection.reason },
  };
}

function resolveInput(step: PlanStep, state: DeploymentState): StepInput {
  return Object.fromEntries(Object.entries(step.input).map(([name, value]) => [name, resolve(value, state)]));
}

function resolve(value: Json | undefined, state: DeploymentState): Json | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, state) ?? null);
  if (isReference(value)) {
    if (value.$after !== undefined && outputOf(state, value.$after) === undefined) return undefined;
    return outputOf(state, value.$output);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, state)]));
}

function isReference(value: object): value is OutputReference {
  return "$output" in value && typeof value.$output === "string";
}

function outputOf(state: DeploymentState, step: string): Json | undefined {
  const forward = state.steps[step]?.forward;
  return forward?.status === "succeeded" ? forward.output : undefined;
}
