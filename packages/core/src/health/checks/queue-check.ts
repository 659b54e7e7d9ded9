import type { CallOptions } from "../../contract/call.js";
import type { ApplicationCheck } from "../../contract/check.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";
import { requireLimits, within, type Limits } from "./limits.js";

export interface QueueCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind">, Limits {
  /** How many jobs wait. */
  readonly depth: (call: CallOptions) => Promise<number> | number;
}

/** Whether a queue is longer than it should be: `queueCheck({ name: "mails", depth: () => queue.getWaitingCount(), degradedAbove: 1_000 })`. Reason `queue_deep`. Throws `CHECK_INVALID`. */
export function queueCheck({ depth, degradedAbove, downAbove, ...declaration }: QueueCheckOptions): ApplicationCheck {
  const limits: Limits = { ...(degradedAbove === undefined ? {} : { degradedAbove }), ...(downAbove === undefined ? {} : { downAbove }) };
  requireLimits(declaration.name, limits);
  return defineCheck({
    ...declaration,
    run: async (call) => {
      const waiting = await depth(call);
      return within(waiting, limits, { reason: "queue_deep", text: `${String(waiting)} jobs wait`, data: { waiting } });
    },
  });
}
