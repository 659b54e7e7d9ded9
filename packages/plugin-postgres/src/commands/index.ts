import type { PluginCommands } from "@fairlead/core";
import type { PostgresSettings } from "../options.js";
import { applyCommand } from "./apply.js";
import { baselineCommand } from "./baseline.js";
import { diffCommand } from "./diff.js";
import { downCommand } from "./down.js";
import { lintCommand } from "./lint.js";
import { newCommand } from "./new.js";
import { planCommand } from "./plan.js";
import { repairCommand } from "./repair.js";
import { statusCommand } from "./status.js";
import { verifyCommand } from "./verify.js";

/** `node deploy.ts migrations …` */
export const migrationCommands: PluginCommands<PostgresSettings> = {
  name: "migrations",
  brief: "Look at the database's migrations, and apply, mend or take them back by hand",
  commands: [
    statusCommand,
    planCommand,
    verifyCommand,
    diffCommand,
    applyCommand,
    downCommand,
    baselineCommand,
    repairCommand,
    lintCommand,
    newCommand,
  ],
};
