import type { CallOptions } from "../contract/call.js";
import type { CheckResult, CheckStatus } from "../contract/check.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { JsonObject } from "../json/json.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";
import { formatMilliseconds, toMilliseconds, type Duration } from "../time/duration.js";
import { describeFailure, isReason } from "./failure.js";

/** What came of running a check once. */
export interface CheckRun {
  readonly status: CheckStatus;
  /** A code, stable and safe to publish. Present unless up. */
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

/** How long a run may take when its check does not say. */
export const defaultTimeout: Duration = "2s";

/**
 * Runs a check once. Never throws: an error, a time that ran out even if the check ignores its signal, and an answer that is none count as down. It may take as long as it says, and
 * `patience` milliseconds at least.
 */
export async function runCheck(check: RunnableCheck, call: CallOptions, clock: Clock, patience = 0): Promise<CheckRun> {
  const startedAt = clock.now();
  const answer = await answerOf(check, call, clock, patience);
  return { ...answer, latency: Math.max(0, clock.now() - startedAt) };
}

async function answerOf(check: RunnableCheck, call: CallOptions, clock: Clock, patience: number): Promise<Omit<CheckRun, "latency">> {
  try {
    const milliseconds = Math.max(patience, toMilliseconds(check.timeout ?? defaultTimeout));
    const reason = () => fail(coreErrors, "CHECK_TIMEOUT", { check: check.name, after: formatMilliseconds(milliseconds) });
    return readAnswer(
      await withDeadline(clock, { milliseconds, signal: call.signal, reason }, async (signal) => check.run({ ...call, signal })),
    );
  } catch (error) {
    return { status: "down", ...describeFailure(error) };
  }
}

/** Checks come from everywhere: what they answer is looked at before it is believed. */
function readAnswer(result: unknown): Omit<CheckRun, "latency"> {
  if (typeof result !== "object" || result === null) return noAnswer;
  const { status, reason, message, hint, data } = result as Readonly<Record<keyof CheckResult, unknown>>;
  if (status !== "up" && status !== "degraded" && status !== "down") return noAnswer;
  const text = typeof message === "string" ? message : typeof reason === "string" && !isReason(reason) ? reason : undefined;
  const facts = toJsonObject(data);
  return {
    status,
    ...(status === "up" ? {} : { reason: isReason(reason) ? reason : "check_failed" }),
    ...(text === undefined ? {} : { message: text }),
    ...(typeof hint === "string" ? { hint } : {}),
    ...(facts === undefined ? {} : { data: facts }),
  };
}

/** A copy that nobody else holds, of what JSON can say of it. */
function toJsonObject(data: unknown): JsonObject | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  try {
    const copy: unknown = JSON.parse(JSON.stringify(data));
    return isObject(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const noAnswer = Object.freeze({ status: "down", reason: "check_failed", message: "it gave no answer that could be understood" } as const);
