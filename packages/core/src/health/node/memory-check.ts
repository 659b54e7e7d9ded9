import { getHeapStatistics } from "node:v8";
import type { ProcessCheck } from "../../contract/check.js";
import { requireLimits, within } from "../checks/limits.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

export interface MemoryCheckOptions extends Omit<CheckDeclaration<"process">, "run" | "kind"> {
  /** The part of what this process may use, 0 to 1. More is degraded. Default 0.85. */
  readonly degradedAbove?: number;
  /** More is down. Default 0.95. */
  readonly downAbove?: number;
}

/**
 * How much of its memory this process uses: of V8's heap, and, where a control group limits it (a container), of that limit; the greater part counts. Fit for `liveness`: a restart mends a leak.
 * Reason `memory_full`. Throws `CHECK_INVALID`.
 */
export function memoryCheck({ degradedAbove = 0.85, downAbove = 0.95, ...declaration }: MemoryCheckOptions): ProcessCheck {
  const limits = { degradedAbove, downAbove };
  requireLimits(declaration.name, limits);
  return defineCheck({
    ...declaration,
    kind: "process",
    run: () => {
      const { used_heap_size: heap, heap_size_limit: heapLimit } = getHeapStatistics();
      const { rss } = process.memoryUsage();
      const limit = process.constrainedMemory();
      // 0, or more than any machine has: not limited.
      const ofLimit = limit > 0 && limit < Number.MAX_SAFE_INTEGER ? rss / limit : 0;
      const used = Math.max(heap / heapLimit, ofLimit);
      const data = { heapBytes: heap, heapLimitBytes: heapLimit, rssBytes: rss, ...(ofLimit === 0 ? {} : { limitBytes: limit }) };
      const text = `${String(Math.round(used * 100))} % of the memory is used`;
      return within(used, limits, { reason: "memory_full", text, data });
    },
  });
}
