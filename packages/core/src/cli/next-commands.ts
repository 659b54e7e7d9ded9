import type { DeploymentResult } from "../deployer/types.js";
import { isFairleadError, type SerializedError } from "../errors/fairlead-error.js";

/** Commands to try after a deployment has ended, or needs attention. */
export function nextAfterResult({ phase, outcome, deploymentId, environment }: DeploymentResult): readonly string[] {
  switch (phase) {
    case "succeeded":
      return outcome === "promoted" ? [`status ${environment}`, `rollback ${environment}`] : [`status ${environment}`];
    case "rolled_back":
    case "failed":
      return [`logs ${deploymentId}`, `status ${environment}`];
    case "needs_attention":
      return [`logs ${deploymentId}`, `retry ${deploymentId}`, `abandon ${deploymentId} --reason "…"`];
    case "cancelled":
    case "abandoned":
      return [`status ${environment}`, `history ${environment}`];
    case "running":
    case "rolling_back":
      return [`recover ${environment}`];
  }
}

/** Commands to try after an error. */
export function nextAfterError(error: unknown, environment: string | undefined): readonly string[] {
  const where = environment === undefined ? "" : ` ${environment}`;
  if (isFairleadError(error, "ENVIRONMENT_BUSY")) {
    const { deploymentId, environment: busy, holder } = error.data;
    if (holder === null) return [`recover ${busy}`, `status ${busy}`];
    return [`status ${busy}`, `abort ${deploymentId}`];
  }
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
