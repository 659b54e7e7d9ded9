import { statfs } from "node:fs/promises";
import type { ApplicationCheck } from "../../contract/check.js";
import { requireLimits, within } from "../checks/limits.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

export interface DiskCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  /** A folder of the file system that is looked at. */
  readonly path: string;
  /** The part of it that may be used, 0 to 1. More is degraded. Default 0.9. */
  readonly degradedAbove?: number;
  /** More is down. Default 0.98. */
  readonly downAbove?: number;
}

/** How full a file system is, of what this process may use. Reason `disk_full`. Throws `CHECK_INVALID`. */
export function diskCheck({ path, degradedAbove = 0.9, downAbove = 0.98, ...declaration }: DiskCheckOptions): ApplicationCheck {
  const limits = { degradedAbove, downAbove };
  requireLimits(declaration.name, limits);
  return defineCheck({
    ...declaration,
    run: async () => {
      const { bsize, blocks, bfree, bavail } = await statfs(path);
      // As `df` counts: what only root may use is neither used nor available.
      const usable = blocks - bfree + bavail;
      const used = usable === 0 ? 0 : (blocks - bfree) / usable;
      const data = { used: Math.round(used * 1_000) / 1_000, freeBytes: bavail * bsize };
      return within(used, limits, { reason: "disk_full", text: `${String(data.used)} of ${path} is used`, data });
    },
  });
}
