import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { digestAsked, type DeploymentState } from "../machine/index.js";

/** So much of a digest tells one plan from another, in hexadecimal digits. */
const fewest = 8;

/** Throws `APPROVAL_STALE` where people are asked about something else now than what was shown to whoever gives this word. */
export function requireShown(state: DeploymentState, step: string | null, shown: string | undefined): void {
  const asked = digestAsked(state, step);
  if (shown === undefined || isBeginningOf(asked, shown)) return;
  throw fail(coreErrors, "APPROVAL_STALE", { deploymentId: state.id, environment: state.plan.environment, shown, asked });
}

function isBeginningOf(digest: string, shown: string): boolean {
  const hexadecimal = shown.replace(/^sha256:/, "");
  return hexadecimal.length >= fewest && digest.replace(/^sha256:/, "").startsWith(hexadecimal);
}
