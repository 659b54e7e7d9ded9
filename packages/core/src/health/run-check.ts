import type { CallOptions } from "../contract/call.js";
import type { CheckResult, CheckStatus } from "../contract/check.js";
import type { JsonObject } from "../json/json.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";
import { formatMilliseconds, toMilliseconds, type Duration } from "../time/duration.js";

/** What came of running a check once. */
export interface CheckRun {
  readonly status: CheckStatus;
  /** Stable, safe to publish. Present unless up. */
  readonly reason?: string;
  /** For authorised eyes only. */
  readonly message?: string;
  readonly hint?: string;
  readonly data?: JsonObject;
  /** In milliseconds. */
  readonly latency: number;
}

/** A check whose subject is known. */
export interface RunnableCheck {
  readonly name: string;
  /** Default `2s`. */
  readonly timeout?: Duration;
  run(call: CallOptions): Promise<CheckResult> | CheckResult;
}

/** Runs a check once. Never throws: an error, a time that ran out even if the check ignores its signal, and an answer that is none count as down. */
export async function runCheck(check: RunnableCheck, call: CallOptions, clock: Clock): Promise<CheckRun> {
  const startedAt = clock.now();
  const timeout = toMilliseconds(check.timeout ?? "2s");
  const reason = () => fail(coreErrors, "STEP_TIMEOUT", { step: check.name, after: formatMilliseconds(timeout) });
  try {
    const result = await withDeadline(clock, { milliseconds: timeout, signal: call.signal, reason }, async (signal) =>
      check.run({ ...call, signal }),
    );
    return { ...answerOf(result), latency: clock.now() - startedAt };
  } catch (error) {
    const timedOut = isFairleadError(error, "STEP_TIMEOUT");
    const message = error instanceof Error ? error.message : String(error);
    const hint = isFairleadError(error) ? { hint: error.hint } : {};
    return { status: "down", reason: timedOut ? "timeout" : "check_failed", message, ...hint, latency: clock.now() - startedAt };
  }
}

/** Checks come from everywhere: what they answer is looked at before it is believed. */
function answerOf(result: unknown): Omit<CheckRun, "latency"> {
  if (typeof result !== "object" || result === null || !("status" in result)) return noAnswer;
  const { status } = result;
  if (status !== "up" && status !== "degraded" && status !== "down") return noAnswer;
  const { reason, message, hint, data } = result as CheckResult;
  return {
    status,
    ...(status === "up" ? {} : { reason: reason ?? "check_failed" }),
    ...(message === undefined ? {} : { message }),
    ...(hint === undefined ? {} : { hint }),
    ...(data === undefined ? {} : { data }),
  };
}

const noAnswer = Object.freeze({ status: "down", reason: "check_failed", message: "it gave no answer that could be understood" } as const);
