import type { Outcome } from "../contract/deployment-events.js";
import type { DeploymentResult } from "../deployer/types.js";
import type { coreErrors } from "../errors/core-errors.js";
import type { SerializedError } from "../errors/fairlead-error.js";
import type { Phase } from "../machine/index.js";
import type { cliErrors } from "./cli-errors.js";

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 64;

interface ExitRow {
  readonly exitCode: ExitCode;
  readonly meaning: string;
  /** How a deployment that was followed ended. */
  readonly phases?: readonly Phase[];
  /** With `--detailed-exit-code` only. */
  readonly outcomes?: readonly Outcome[];
  readonly errors?: readonly (keyof typeof coreErrors | keyof typeof cliErrors)[];
  /** Of errors that no row names, such as those of plugins. */
  readonly statuses?: readonly number[];
}

/** What a command ends with. A phase, an error and a status stand in one row only; an error that is in none is 1. */
export const exitTable: readonly ExitRow[] = Object.freeze([
  { exitCode: 0, meaning: "success", phases: ["succeeded"] },
  { exitCode: 1, meaning: "error" },
  {
    exitCode: 2,
    meaning: "the configuration must be mended",
    errors: [
      "CONFIGURATION_INVALID",
      "SECRETS_MISSING",
      "CAPABILITY_MISSING",
      "STEP_NOT_UNIQUE",
      "DURATION_INVALID",
      "SOURCE_MISSING",
      "SOURCE_UNREADABLE",
      "SOURCE_EMPTY",
      "STORE_PATH_INVALID",
      "STORE_FOREIGN",
      "STORE_TOO_NEW",
      "STORE_NOT_SUPPORTED",
    ],
  },
  { exitCode: 3, meaning: "permission denied", errors: ["STORE_NOT_READABLE", "STORE_NOT_WRITABLE"], statuses: [401, 403] },
  { exitCode: 4, meaning: "failed and rolled back", phases: ["rolled_back"] },
  {
    exitCode: 5,
    meaning: "refused",
    phases: ["rejected", "held"],
    errors: [
      "PREFLIGHT_FAILED",
      "MIGRATIONS_NOT_SAFE",
      "SCHEMA_NOT_REVERSIBLE",
      "SOURCE_DIRTY",
      "SOURCE_UNCHECKED",
      "ROLLBACK_NO_TARGET",
      "ROLLBACK_OUTSIDE_WINDOW",
      "ROLLBACK_SERVING_CHANGED",
      "ENVIRONMENT_PINNED",
      "ALREADY_ADOPTED",
      "DEPLOYMENT_ENDED",
      "DEPLOYMENT_NOT_WAITING",
      "APPROVAL_STALE",
    ],
    statuses: [412],
  },
  {
    exitCode: 6,
    meaning: "not found",
    errors: [
      "ENVIRONMENT_UNKNOWN",
      "DEPLOYMENT_UNKNOWN",
      "RELEASE_UNKNOWN",
      "NOTHING_TO_ADOPT",
      "COMMAND_UNAVAILABLE",
      "CLI_NOTHING_UNDER_WAY",
      "CLI_NOTHING_DEPLOYED",
    ],
    statuses: [404, 410],
  },
  { exitCode: 7, meaning: "nothing to do, where `--detailed-exit-code` asks to say so", outcomes: ["unchanged"] },
  {
    exitCode: 8,
    meaning: "cancelled or superseded",
    phases: ["cancelled", "superseded", "abandoned"],
    errors: ["CLI_INTERRUPTED", "CLI_STOPPED", "DEPLOYMENT_ABORTED"],
  },
  { exitCode: 9, meaning: "timed out or expired", phases: ["expired"], errors: ["STEP_TIMEOUT"], statuses: [408, 504] },
  {
    exitCode: 10,
    meaning: "needs attention",
    phases: ["needs_attention"],
    errors: ["DEPLOYMENT_WAITING", "ENVIRONMENT_NEEDS_ATTENTION", "STEP_INDETERMINATE"],
  },
  {
    exitCode: 11,
    meaning: "environment busy",
    phases: ["queued"],
    errors: ["ENVIRONMENT_BUSY", "DEPLOYMENT_RUNNING_ELSEWHERE", "CLAIM_HELD", "LEASE_LOST"],
  },
  { exitCode: 12, meaning: "waiting for approval", phases: ["awaiting_approval"] },
  { exitCode: 64, meaning: "wrong usage of the command line", errors: ["CLI_USAGE_INVALID", "COMMAND_AMBIGUOUS"] },
]);

/** What a command that failed with this error ends with. Never 0. */
export function exitCodeOfError({ code, status }: Pick<SerializedError, "code" | "status">): ExitCode {
  const named = exitTable.find(({ errors = [] }) => errors.some((error) => error === code));
  return (named ?? exitTable.find(({ statuses = [] }) => statuses.includes(status)))?.exitCode ?? 1;
}

/**
 * What a command that followed a deployment to its end ends with. One that failed before anything was done ends with its error's code; one that was taken back because somebody asked it
 * to stop was cancelled.
 */
export function exitCodeOfResult(
  { phase, outcome, error }: Pick<DeploymentResult, "phase" | "outcome" | "error">,
  options: { readonly detailed?: boolean } = {},
): ExitCode {
  if (phase === "failed") return error === null ? 1 : exitCodeOfError(error);
  if (phase === "rolled_back" && error === null) return exitCodeOfPhase("cancelled");
  const detailed = exitTable.find(({ outcomes = [] }) => outcomes.some((one) => one === outcome));
  if (options.detailed === true && detailed !== undefined) return detailed.exitCode;
  return exitCodeOfPhase(phase);
}

/** Of several, the one that most wants somebody to look. */
export function worstOf(exitCodes: readonly ExitCode[]): ExitCode {
  return exitCodes.find((exitCode) => exitCode === 10) ?? exitCodes.find((exitCode) => exitCode !== 0) ?? 0;
}

function exitCodeOfPhase(phase: Phase): ExitCode {
  return exitTable.find(({ phases = [] }) => phases.includes(phase))?.exitCode ?? 1;
}
