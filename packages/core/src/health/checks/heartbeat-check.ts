import type { CallOptions } from "../../contract/call.js";
import type { ApplicationCheck, CheckResult } from "../../contract/check.js";
import { systemClock, type Clock } from "../../time/clock.js";
import { formatMilliseconds, type Duration } from "../../time/duration.js";
import { lengthOf } from "../declaration.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

export interface HeartbeatCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  /** When the worker last said that it lives: a moment, epoch milliseconds, ISO 8601, or `null` for never. */
  readonly last: (call: CallOptions) => Promise<Date | number | string | null> | Date | number | string | null;
  /** How old that may be. */
  readonly within: Duration;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Whether somebody who works elsewhere still does: a queue's worker that writes the time into a row, a key or a file. Reasons `heartbeat_missing`, `heartbeat_late`. A time in the future counts as
 * now. Throws `CHECK_INVALID`.
 */
export function heartbeatCheck(options: HeartbeatCheckOptions): ApplicationCheck {
  const { last, within, clock = systemClock, ...declaration } = options;
  const longest = lengthOf(declaration.name, "within", within);
  return defineCheck({
    ...declaration,
    run: async (call): Promise<CheckResult> => {
      const beat = await last(call);
      const at = beat === null ? NaN : new Date(beat).getTime();
      if (Number.isNaN(at)) return { status: "down", reason: "heartbeat_missing", message: "no heartbeat was ever seen" };
      const age = Math.max(0, clock.now() - at);
      const data = { last: new Date(at).toISOString(), age };
      if (age <= longest) return { status: "up", data };
      return { status: "down", reason: "heartbeat_late", message: `the last heartbeat is ${formatMilliseconds(age)} old`, data };
    },
  });
}
