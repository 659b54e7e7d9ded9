import type { CliCommand } from "../command.js";
import { abandonCommand } from "./abandon.js";
import { abortCommand } from "./abort.js";
import { adoptCommand } from "./adopt.js";
import { deployCommand } from "./deploy.js";
import {
  advanceAllCommand,
  advanceCommand,
  approveCommand,
  pauseCommand,
  rejectCommand,
  releaseCommand,
  resumeCommand,
} from "./decisions.js";
import { doctorCommand } from "./doctor.js";
import { explainCommand } from "./explain.js";
import { exportCommand } from "./export.js";
import { freezeCommand, unfreezeCommand, unpinCommand } from "./freeze.js";
import { healthCommand } from "./health.js";
import { historyCommand } from "./history.js";
import { incidentCommand } from "./incident.js";
import { logsCommand } from "./logs.js";
import { maintenanceCommand } from "./maintenance.js";
import { planCommand } from "./plan.js";
import { pruneCommand } from "./prune.js";
import { recoverCommand } from "./recover.js";
import { redeliverCommand } from "./redeliver.js";
import { retryCommand } from "./retry.js";
import { rollbackCommand } from "./rollback.js";
import { statusCommand } from "./status.js";
import { statusPageCommand } from "./status-page.js";
import { takeBackCommand } from "./take-back.js";
import { verifyCommand } from "./verify.js";

/** All commands, in the order in which `--help` lists them. */
export const commands: readonly CliCommand[] = Object.freeze([
  planCommand,
  deployCommand,
  statusCommand,
  historyCommand,
  explainCommand,
  logsCommand,
  rollbackCommand,
  recoverCommand,
  abortCommand,
  approveCommand,
  rejectCommand,
  pauseCommand,
  resumeCommand,
  advanceCommand,
  advanceAllCommand,
  freezeCommand,
  unfreezeCommand,
  unpinCommand,
  releaseCommand,
  retryCommand,
  takeBackCommand,
  abandonCommand,
  adoptCommand,
  redeliverCommand,
  healthCommand,
  incidentCommand,
  maintenanceCommand,
  statusPageCommand,
  doctorCommand,
  exportCommand,
  verifyCommand,
  pruneCommand,
]);
