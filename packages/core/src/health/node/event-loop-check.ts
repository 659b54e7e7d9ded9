import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessCheck } from "../../contract/check.js";
import type { Duration } from "../../time/duration.js";
import { within } from "../checks/limits.js";
import { lengthOf } from "../declaration.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

export interface EventLoopCheckOptions extends Omit<CheckDeclaration<"process">, "run" | "kind"> {
  /** How long a request may wait for the event loop, on average over the time since the run before. More is degraded. Default `100ms`. */
  readonly degradedAbove?: Duration;
  /** More is down. Default `500ms`. */
  readonly downAbove?: Duration;
}

/** How often the loop is looked at, in milliseconds. */
const resolution = 20;

/**
 * How long a request that comes at any moment since the run before has waited on average until the event loop had time for it. One long pause among many short turns hardly counts; a loop that is
 * always late does. Fit for `liveness`. Reason `event_loop_stalled`. Throws `CHECK_INVALID`.
 */
export function eventLoopCheck(options: EventLoopCheckOptions): ProcessCheck {
  const { degradedAbove = "100ms", downAbove = "500ms", ...declaration } = options;
  const limits = {
    degradedAbove: lengthOf(declaration.name, "degradedAbove", degradedAbove),
    downAbove: lengthOf(declaration.name, "downAbove", downAbove),
  };
  const delays = monitorEventLoopDelay({ resolution });
  let before = { sum: 0, squares: 0 };
  return defineCheck({
    ...declaration,
    kind: "process",
    run: () => {
      delays.enable();
      // Differences of sums, because resetting the histogram forgets the delay that is under way.
      const { count, mean, stddev } = delays;
      const now = count === 0 ? { sum: 0, squares: 0 } : { sum: count * mean, squares: count * (stddev ** 2 + mean ** 2) };
      const waited = averageWait({ sum: now.sum - before.sum, squares: now.squares - before.squares });
      before = now;
      const delay = Math.round(waited * 10) / 10;
      return within(waited, limits, {
        reason: "event_loop_stalled",
        text: `requests wait ${String(delay)} ms for the event loop`,
        data: { delay },
      });
    },
  });
}

/** Turns of length d are met with the likelihood d, and then half of d is still to come: Σd²/2Σd. Nanoseconds in, milliseconds out; what the resolution alone makes is taken off. */
function averageWait({ sum, squares }: { readonly sum: number; readonly squares: number }): number {
  return sum <= 0 ? 0 : Math.max(0, squares / sum / 2 / 1e6 - resolution / 2);
}
