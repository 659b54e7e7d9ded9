import type { CallOptions } from "../contract/call.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";
import { withRetries } from "./retry.js";

/** Most a question to a provider may take, all its attempts together, in milliseconds. */
const patience = 30_000;

/** Asks a provider something that changes nothing, a few times if need be. What it takes and how often it fails is said, and never for ever. */
export function askProvider<Answer>(
  clock: Clock,
  call: CallOptions,
  what: string,
  ask: (call: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  const reason = () => fail(coreErrors, "STEP_TIMEOUT", { step: what, after: "30 s" });
  return withDeadline(clock, { milliseconds: patience, signal: call.signal, reason }, (signal) =>
    withRetries(
      {
        attempts: 4,
        clock,
        signal,
        onRetry: (error) => {
          call.log.warn(`${what}: asking again: ${serializeError(error).message}`);
        },
      },
      () => ask({ ...call, signal }),
    ),
  );
}
