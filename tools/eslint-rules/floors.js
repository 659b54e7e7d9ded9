/**
 * The floors of a package's `src`, from the ground up. A folder imports floors below its own, never one above. Catalogues of errors that stand directly in `src`, as `*-errors.ts`, are its `errors`, and a file that a floor names is
 * on that floor; all others that stand there are the roof: they may import every floor, and no folder imports them.
 *
 * @type {Readonly<Record<string, readonly (readonly string[])[]>>}
 */
export const floors = {
  core: [
    ["errors", "events", "time", "secret", "json"],
    ["contract"],
    ["machine", "plan", "strategies", "analysis"],
    ["journal", "store", "metrics", "history"],
    ["config", "env", "steps"],
    ["engine"],
    ["health", "gates"],
    ["status"],
    ["http", "cli", "deployer", "health-memory"],
  ],
  "plugin-postgres": [
    ["errors", "sql"],
    ["connection", "folder", "options.ts"],
    ["ledger", "schema", "snapshot"],
    ["adopt", "transaction", "turn", "locks", "survival"],
    ["code", "lint"],
    ["run", "inspect"],
    ["scratch"],
    ["migrator"],
    ["diff"],
    ["migrations", "new"],
    ["commands", "checks", "store"],
  ],
};

/** Packages in which a folder may import also those on its own floor. */
export const besideEachOther = ["core"];

/**
 * Folders that are published alone and must not bring the rest with them: all that each may import besides itself.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>}
 */
export const standingAlone = {
  core: {
    health: ["errors", "events", "time", "secret", "json", "contract"],
    status: ["errors", "events", "time", "secret", "json", "contract", "journal", "health"],
    env: ["errors", "time", "secret", "json", "contract"],
    analysis: ["errors", "time", "secret", "json", "contract"],
    metrics: ["errors", "time", "secret", "json", "contract", "analysis"],
    steps: ["errors", "time", "secret", "json", "contract"],
  },
  "plugin-postgres": { store: ["errors", "connection"] },
};
