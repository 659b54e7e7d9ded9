import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, serializeError, type SerializedError } from "../errors/fairlead-error.js";
import type { Json } from "../json/json.js";
import { formatMilliseconds } from "../time/duration.js";
import { withDeadline } from "../time/deadline.js";
import { isDeferred, type Deferred } from "./deferral.js";
import type { DraftEvent } from "./deployment-writer.js";
import type { Driving } from "./driver.js";
import { attemptOf, interruption, type AttemptTask } from "../machine/index.js";
import { timeoutOf } from "../plan/index.js";
import { withRetries } from "./retry.js";
import { contextOf, handlerOf } from "./step-context.js";

/** A gate keeps its time itself, and says what it has waited for; one that does not is ended this much later, in milliseconds. */
const grace = 1_000;

/** Acts on an intent that is in the journal, and answers the outcome. */
export function performAttempt(driving: Driving, task: AttemptTask, signal: AbortSignal): Promise<DraftEvent> {
  return driving.engine.telemetry.step(task, (): Promise<DraftEvent> => act(driving, task, signal));
}

async function act(driving: Driving, task: AttemptTask, signal: AbortSignal): Promise<DraftEvent> {
  const { engine, log } = driving;
  const { step, direction, attempt } = task;
  const about = { step: step.id, direction, attempt };
  const allowed = timeoutOf(step, direction);
  const milliseconds = step.effect ? Math.min(allowed, leftOf(driving, task)) : allowed + grace;
  // The intent took longer to record than it was good for: whoever takes over counts on nothing being done after it.
  if (milliseconds <= 0)
    return {
      type: "step.interrupted",
      data: { ...about, error: interruption(step.id), observeAt: engine.clock.now() + step.settle, again: true },
    };
  const over = engine.clock.now() + milliseconds;
  const reason = () => fail(coreErrors, "STEP_TIMEOUT", { step: step.id, after: formatMilliseconds(allowed) });
  try {
    const output = await withDeadline(engine.clock, { milliseconds, signal, reason }, (inner) =>
      withRetries(
        {
          attempts: mayRepeat(task) ? step.attempts : 1,
          clock: engine.clock,
          signal: inner,
          onRetry: (error, pause) => {
            log
              .of(step.id)
              .warn(`trying again in ${formatMilliseconds(pause)}: ${serializeError(error).message}`, { code: serializeError(error).code });
          },
        },
        () => {
          // A process that was suspended wakes up behind its deadline, and not always to be told so first.
          if (engine.clock.now() >= over) throw reason();
          return call(driving, task, inner);
        },
      ),
    );
    if (!isDeferred(output)) return { type: "step.succeeded", data: { ...about, output, observed: false } };
    const { waitingFor, reason: why, until, memo } = output;
    return { type: "step.deferred", data: { ...about, waitingFor, reason: why, until, memo } };
  } catch (error) {
    const serialized = errorOf(engine.redactor.error.bind(engine.redactor), error);
    // One that was given up has nothing to say for itself.
    if (!isFairleadError(signal.reason, "STEP_GIVEN_UP"))
      log.of(step.id).error(serialized.message, { code: serialized.code, ...serialized.data });
    // Left by this process, not failed: whoever comes next goes on with it.
    const again = (signal.aborted && isLeft(signal.reason)) || (isWorthAnother(error) && !mayRepeat(task) && attempt < step.attempts);
    return step.effect && leavesDoubt(error, signal)
      ? { type: "step.interrupted", data: { ...about, error: serialized, observeAt: engine.clock.now() + step.settle, again } }
      : { type: "step.failed", data: { ...about, error: serialized, again } };
  }
}

/** Whether a provider said that it may be tried again; a call that took all its time is not. */
function isWorthAnother(error: unknown): boolean {
  return isFairleadError(error) && error.retryable && !isFairleadError(error, "STEP_TIMEOUT");
}

/** Whether it may be called again before it is known what came of the call before. Otherwise it is looked at first, and that makes another attempt. */
function mayRepeat({ step, direction }: AttemptTask): boolean {
  return direction === "undo" || step.idempotency !== "none";
}

function isLeft(reason: unknown): boolean {
  return isFairleadError(reason, "STEP_INTERRUPTED") || isFairleadError(reason, "STEP_GIVEN_UP");
}

/** Until the deadline that the journal says, in milliseconds. */
function leftOf({ engine, writer }: Driving, { step, direction }: AttemptTask): number {
  const begun = attemptOf(writer.state, step, direction);
  return begun.status === "started" ? begun.deadline - engine.clock.now() : 0;
}

async function call(driving: Driving, { step, direction }: AttemptTask, signal: AbortSignal): Promise<Json | Deferred> {
  const { engine, writer, log } = driving;
  const handler = handlerOf(engine, step);
  const context = contextOf(engine, writer.state, { step, direction, signal, log });
  if (direction === "forward") return handler.run(context);
  await handler.undo?.(context);
  return null;
}

/** After a permanent refusal it is known that nothing more will come of the call; after anything else it is not. */
function leavesDoubt(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || !isFairleadError(error) || error.retryable;
}

/** An error as the journal keeps it. One that is not ours may say anything, and is masked. */
export function errorOf(mask: (error: unknown) => { readonly message: string }, error: unknown): SerializedError {
  return isFairleadError(error) ? serializeError(error) : { ...serializeError(error), message: mask(error).message };
}
