import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isDuration, toMilliseconds, type Duration } from "../time/duration.js";
import type { HealthOptions } from "./health.js";
import type { Thresholds } from "./hysteresis.js";

/** How results are judged. */
export interface Judging extends Thresholds {
  /** In milliseconds. */
  readonly startPeriod: number;
}

/** Throws `HEALTH_OPTION_INVALID`. */
export function readOptions(options: HealthOptions): Judging {
  const { failureThreshold = 3, successThreshold = 2, failureDuration = "0s", successDuration = "0s", startPeriod = "30s" } = options;
  return {
    failures: readCount("failureThreshold", failureThreshold),
    successes: readCount("successThreshold", successThreshold),
    failingFor: readLength("failureDuration", failureDuration),
    wellFor: readLength("successDuration", successDuration),
    startPeriod: readLength("startPeriod", startPeriod),
  };
}

/** A whole number of at least 1. Throws `HEALTH_OPTION_INVALID`. */
function readCount(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw refuse(option, `must be a whole number of at least 1, not ${String(value)}.`);
}

/** Milliseconds of a duration of at least `least` milliseconds. Throws `HEALTH_OPTION_INVALID`. */
export function readLength(option: string, value: Duration, least = 0): number {
  if (isDuration(value) && toMilliseconds(value) >= least) return toMilliseconds(value);
  throw refuse(option, `must be a time such as "30s", not "${value}".`);
}

function refuse(option: string, problem: string) {
  return fail(coreErrors, "HEALTH_OPTION_INVALID", { option, problem });
}
