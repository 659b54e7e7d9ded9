import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isDuration, toMilliseconds } from "../time/duration.js";
import type { HealthOptions } from "./health.js";

/** How results are judged. */
export interface Judging {
  readonly failures: number;
  readonly successes: number;
  /** In milliseconds. */
  readonly startPeriod: number;
}

/** Throws `HEALTH_OPTION_INVALID`. */
export function readOptions({ failureThreshold = 3, successThreshold = 2, startPeriod = "30s" }: HealthOptions): Judging {
  const refuse = (option: string, problem: string) => fail(coreErrors, "HEALTH_OPTION_INVALID", { option, problem });
  const count = (option: string, value: number): number => {
    if (!Number.isInteger(value) || value < 1) throw refuse(option, `must be a whole number of at least 1, not ${String(value)}.`);
    return value;
  };
  if (!isDuration(startPeriod)) throw refuse("startPeriod", `must be a time such as "30s", not "${String(startPeriod)}".`);
  return {
    failures: count("failureThreshold", failureThreshold),
    successes: count("successThreshold", successThreshold),
    startPeriod: toMilliseconds(startPeriod),
  };
}
