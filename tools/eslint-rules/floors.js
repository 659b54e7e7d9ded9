/**
 * The floors of `packages/core/src`, from the ground up. A folder imports its own floor and those below it, never one above.
 * Files that stand directly in `src` are the roof: they may import every floor, and no folder imports them.
 */
export const floors = [
  ["errors", "events", "time", "secret", "json"],
  ["contract"],
  ["machine", "plan", "strategies", "analysis"],
  ["journal", "store", "metrics", "history"],
  ["config", "env", "steps"],
  ["engine"],
  ["health", "gates"],
  ["status"],
  ["http", "cli", "deployer", "health-memory"],
];

/** Folders that are published alone and must not bring the engine with them: all that each may import besides itself. */
export const standingAlone = {
  health: ["errors", "events", "time", "secret", "json", "contract"],
  status: ["errors", "events", "time", "secret", "json", "contract", "journal", "health"],
  env: ["errors", "time", "secret", "json", "contract"],
  analysis: ["errors", "time", "secret", "json", "contract"],
  metrics: ["errors", "time", "secret", "json", "contract", "analysis"],
  steps: ["errors", "time", "secret", "json", "contract"],
};
