import type { ApplicationCheck, CheckResult } from "../../contract/check.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";
import { requireLimits, within } from "./limits.js";

/** What a pool says of itself: of connections, of browsers, of workers. */
export interface PoolState {
  /** How many there are. */
  readonly size: number;
  /** How many of them are free. */
  readonly available: number;
  /** How many callers wait for one. */
  readonly pending: number;
}

export interface PoolCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  /** Looks at the pool; takes nothing from it. */
  readonly state: () => Promise<PoolState> | PoolState;
  /** How many may wait while none is free. More is degraded. Default 0. */
  readonly degradedAbove?: number;
  /** How many may wait while none is free. More is down. Default: any number. */
  readonly downAbove?: number;
}

/**
 * Whether a pool has something to give, without taking it away from those who work: `poolCheck({ name: "database-pool", state: () => ({ size: pool.totalCount, available: pool.idleCount, pending:
 * pool.waitingCount }) })`, and `generic-pool` is its own state. Reason `pool_exhausted`. Throws `CHECK_INVALID`.
 */
export function poolCheck({ state, degradedAbove = 0, downAbove = Infinity, ...declaration }: PoolCheckOptions): ApplicationCheck {
  requireLimits(declaration.name, { degradedAbove, ...(downAbove === Infinity ? {} : { downAbove }) });
  return defineCheck({
    ...declaration,
    run: async (): Promise<CheckResult> => {
      const { size, available, pending } = await state();
      const data = { size, available, pending };
      // Who waits although something is free is about to get it.
      const waiting = available > 0 ? 0 : pending;
      return within(
        waiting,
        { degradedAbove, downAbove },
        { reason: "pool_exhausted", text: `${String(pending)} wait for one of ${String(size)}`, data },
      );
    },
  });
}
