import type { CheckReport, DeploymentSummary } from "../../src/deployer/types.js";
import { deploymentId, releaseId } from "./fake-plan.js";

/** A line of the history. */
export function fakeSummary(more: Partial<DeploymentSummary> = {}): DeploymentSummary {
  return {
    id: deploymentId,
    environment: "production",
    kind: "deploy",
    phase: "succeeded",
    outcome: "promoted",
    release: releaseId,
    previousRelease: null,
    cause: null,
    exposed: true,
    waited: 0,
    restoredIn: null,
    commit: "1a2b3c4d5e6f",
    actor: "ada",
    reason: "mend the basket",
    createdAt: "2026-11-21T09:50:00.000Z",
    endedAt: "2026-11-21T09:51:12.000Z",
    error: null,
    ...more,
  };
}

/** The answer of a check. */
export function fakeCheck(more: Partial<CheckReport> = {}): CheckReport {
  return { name: "token", provider: "vercel", critical: true, status: "up", reason: null, message: null, hint: null, latency: 31, ...more };
}
