import type { DeploymentResult } from "../deployer/types.js";
import type { Phase } from "../machine/index.js";
import { isFairleadError, type SerializedError } from "../errors/fairlead-error.js";

const lookAtIt = ({ deploymentId, environment }: DeploymentResult): readonly string[] => [`logs ${deploymentId}`, `status ${environment}`];
const lookAround = ({ environment }: DeploymentResult): readonly string[] => [`status ${environment}`, `history ${environment}`];
const waitOrStop = ({ deploymentId, environment }: DeploymentResult): readonly string[] => [
  `status ${environment}`,
  `abort ${deploymentId}`,
];
const goOn = ({ environment }: DeploymentResult): readonly string[] => [`recover ${environment}`];

const nextByPhase: Readonly<Record<Phase, (result: DeploymentResult) => readonly string[]>> = {
  queued: waitOrStop,
  awaiting_approval: ({ deploymentId, environment }) => [`approve ${deploymentId}`, `reject ${deploymentId}`, `status ${environment}`],
  held: waitOrStop,
  running: goOn,
  rolling_back: goOn,
  needs_attention: nextOfAttention,
  succeeded: ({ outcome, environment, previousRelease }) =>
    // Of a first release there is nothing to go back to.
    outcome === "promoted" && previousRelease !== null ? [`status ${environment}`, `rollback ${environment}`] : [`status ${environment}`],
  rolled_back: lookAtIt,
  failed: lookAtIt,
  cancelled: lookAround,
  superseded: lookAround,
  rejected: lookAround,
  expired: lookAround,
  abandoned: lookAround,
};

/** Commands that a person has to choose from. */
export function nextOfAttention({ deploymentId, attention }: Pick<DeploymentResult, "deploymentId" | "attention">): readonly string[] {
  const options = (attention?.options ?? []).map((option) =>
    option === "retry" ? `retry ${deploymentId}` : `${option} ${deploymentId} --reason "…"`,
  );
  return [`logs ${deploymentId}`, ...options];
}

/** Commands to try after a deployment has ended, needs attention, or waits. */
export function nextAfterResult(result: DeploymentResult): readonly string[] {
  return nextByPhase[result.phase](result);
}

/** Commands to try after an error. */
export function nextAfterError(error: unknown, environment: string | undefined): readonly string[] {
  const where = environment === undefined ? "" : ` ${environment}`;
  if (isFairleadError(error, "ENVIRONMENT_BUSY")) {
    const { deploymentId, environment: busy, holder, waits = false } = error.data;
    if (holder === null && !waits) return [`recover ${busy}`, `status ${busy}`];
    return [`status ${busy}`, `abort ${deploymentId}`];
  }
  if (isFairleadError(error, "ENVIRONMENT_PINNED")) return [`status${where}`, `deploy${where} --unpin`];
  if (isFairleadError(error, "ROLLBACK_OUTSIDE_WINDOW"))
    return error.data.choices.map((release) => `rollback${where} --to ${release}`).slice(0, 3);
  if (isFairleadError(error, "SCHEMA_NOT_REVERSIBLE")) return [`plan${where}`, `deploy${where} --accept ${error.data.compatibility}`];
  if (isFairleadError(error, "DEPLOYMENT_WAITING") || isFairleadError(error, "ENVIRONMENT_NEEDS_ATTENTION")) {
    const { deploymentId } = error.data;
    return [`retry ${deploymentId}`, `abandon ${deploymentId} --reason "…"`];
  }
  if (isFairleadError(error, "CONFIGURATION_INVALID") || isFairleadError(error, "SECRETS_MISSING")) return [`doctor${where}`];
  if (isFairleadError(error, "NOTHING_TO_ADOPT")) return [`deploy${where}`];
  if (isFairleadError(error, "ALREADY_ADOPTED")) return [`status${where}`, `deploy${where}`];
  return [];
}

/** Whether it is not known if the store has written. */
export function leavesDoubtAboutStore({ code }: Pick<SerializedError, "code">): boolean {
  return code === "STORE_UNAVAILABLE" || code === "UNEXPECTED_ERROR";
}
