import type { CliCommand } from "../command.js";
import { abandonCommand } from "./abandon.js";
import { abortCommand } from "./abort.js";
import { adoptCommand } from "./adopt.js";
import { deployCommand } from "./deploy.js";
import { doctorCommand } from "./doctor.js";
import { healthCommand } from "./health.js";
import { historyCommand } from "./history.js";
import { logsCommand } from "./logs.js";
import { planCommand } from "./plan.js";
import { recoverCommand } from "./recover.js";
import { redeliverCommand } from "./redeliver.js";
import { retryCommand } from "./retry.js";
import { rollbackCommand } from "./rollback.js";
import { statusCommand } from "./status.js";

/** All commands, in the order in which `--help` lists them. */
export const commands: readonly CliCommand[] = Object.freeze([
  planCommand,
  deployCommand,
  statusCommand,
  historyCommand,
  logsCommand,
  rollbackCommand,
  recoverCommand,
  abortCommand,
  retryCommand,
  abandonCommand,
  adoptCommand,
  redeliverCommand,
  healthCommand,
  doctorCommand,
]);
