import type { StepCall } from "../../contract/step.js";

/** What every program is told about the deployment that it runs in. */
export function deploymentVariables({ release, environment, deploymentId, idempotencyKey }: StepCall): Readonly<Record<string, string>> {
  return {
    FAIRLEAD_APPLICATION: release.application,
    FAIRLEAD_ENVIRONMENT: environment,
    FAIRLEAD_DEPLOYMENT: deploymentId,
    FAIRLEAD_RELEASE: release.id,
    FAIRLEAD_IDEMPOTENCY_KEY: idempotencyKey,
    ...(release.provenance.commit === undefined ? {} : { FAIRLEAD_COMMIT: release.provenance.commit }),
  };
}
