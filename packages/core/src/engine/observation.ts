import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";
import type { StepObservation } from "../contract/step.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError, type SerializedError } from "../errors/fairlead-error.js";
import { interruption, type Command } from "../machine/index.js";
import { withDeadline } from "../time/deadline.js";
import { formatMilliseconds } from "../time/duration.js";
import type { DraftEvent } from "./deployment-writer.js";
import type { Driving } from "./driver.js";
import { withRetries } from "./retry.js";
import { contextOf, handlerOf } from "./step-context.js";

type ObserveCommand = Extract<Command, { type: "observe" }>;

/** Most an answer of the provider may take, and most a move that is under way is waited for, in milliseconds, unless the step says otherwise. */
const patience = 15_000;

/** Between two looks at a move that is under way, in milliseconds. */
const lookAgain = 250;

/** Finds out what came of an attempt of which nobody reported, and answers what is true. */
export async function performObservation(driving: Driving, command: ObserveCommand, signal: AbortSignal): Promise<DraftEvent> {
  const { engine, log } = driving;
  const { step, direction, attempt } = command;
  const about = { step: step.id, direction, attempt };
  await engine.clock.sleep(Math.max(0, command.notBefore - engine.clock.now()), { signal });
  const error = command.error ?? interruption(step.id);
  const outcome = step.effect
    ? await observed(driving, command, error, signal)
    : { type: "step.failed" as const, data: { ...about, error, again: true } };
  const what = direction === "undo" ? "taking it back" : "it";
  log.of(step.id).info(`${what} had ended without an answer: it counts as ${outcome.type === "step.succeeded" ? "done" : "not done"}`);
  return outcome;
}

async function observed(driving: Driving, command: ObserveCommand, error: SerializedError, signal: AbortSignal): Promise<DraftEvent> {
  const { step, direction, attempt } = command;
  const about = { step: step.id, direction, attempt };
  const failed = (because: SerializedError, again: boolean): DraftEvent => ({
    type: "step.failed",
    data: { ...about, error: because, again },
  });
  try {
    const observation = await look(driving, command, signal);
    const done = direction === "forward" ? "applied" : "undone";
    if (observation.status === done) {
      const output = observation.status === "applied" ? (observation.output ?? null) : null;
      return { type: "step.succeeded", data: { ...about, output, observed: true } };
    }
    if (observation.status === "indeterminate") {
      return failed(serializeError(fail(coreErrors, "STEP_INDETERMINATE", { step: step.id, reason: observation.reason })), false);
    }
    return failed(error, command.again && observation.status !== "failed");
  } catch (thrown) {
    const reason = serializeError(thrown).message;
    return failed(serializeError(fail(coreErrors, "STEP_INDETERMINATE", { step: step.id, reason })), false);
  }
}

/** What the provider shows; a move under way is given time to end. */
async function look(driving: Driving, { step, direction, again }: ObserveCommand, signal: AbortSignal): Promise<StepObservation> {
  const { engine } = driving;
  const milliseconds = step.observeTimeout ?? patience;
  const ask = (inner: AbortSignal): Promise<StepObservation> =>
    withRetries({ attempts: step.attempts, clock: engine.clock, signal: inner, onRetry: () => undefined }, () =>
      askOnce(driving, step, direction, inner),
    );
  const reason = () => fail(coreErrors, "STEP_TIMEOUT", { step: step.id, after: formatMilliseconds(milliseconds) });
  return withDeadline(engine.clock, { milliseconds, signal, reason }, async (inner) => {
    let observation = await ask(inner);
    // What is tried anew goes on by itself from where it is, unless doing it twice is wrong.
    while (observation.status === "in-progress" && (!again || step.idempotency === "none")) {
      await engine.clock.sleep(lookAgain, { signal: inner });
      observation = await ask(inner);
    }
    return observation;
  });
}

async function askOnce(driving: Driving, step: PlanStep, direction: Direction, signal: AbortSignal): Promise<StepObservation> {
  const { engine, writer, log } = driving;
  const handler = handlerOf(engine, step);
  const context = contextOf(engine, writer.state, { step, direction, signal, log });
  if (direction === "forward") return handler.observe(context);
  return handler.observeUndo?.(context) ?? { status: "undone" };
}
