import type { CheckResult } from "../../contract/check.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { JsonObject } from "../../json/json.js";

/** Up to where a number is well. */
export interface Limits {
  /** Above it the check is degraded. */
  readonly degradedAbove?: number;
  /** Above it the check is down. */
  readonly downAbove?: number;
}

/** Throws `CHECK_INVALID` for a limit that nothing could be compared with. */
export function requireLimits(check: string, { degradedAbove, downAbove }: Limits): void {
  for (const [option, value] of Object.entries({ degradedAbove, downAbove })) {
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      throw fail(coreErrors, "CHECK_INVALID", { check, problem: `its \`${option}\` must be a number of at least 0.` });
    }
  }
}

/** What a number comes to. `text` says what the number is. A number that is none is down: nothing is known then. */
export function within(
  value: number,
  { degradedAbove = Infinity, downAbove = Infinity }: Limits,
  told: { readonly reason: string; readonly text: string; readonly data: JsonObject },
): CheckResult {
  const { reason, text, data } = told;
  if (!Number.isFinite(value)) return { status: "down", reason: "no_number", message: `${text} is not a number`, data };
  if (value > downAbove) return { status: "down", reason, message: `${text}, more than ${String(downAbove)}`, data };
  if (value > degradedAbove) return { status: "degraded", reason, message: `${text}, more than ${String(degradedAbove)}`, data };
  return { status: "up", data };
}
