import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Phase } from "../machine/index.js";
import { cliErrors } from "./cli-errors.js";
import type { Session } from "./session.js";

/** The environment that was named, or the only one there is. Throws `CLI_USAGE_INVALID` and `ENVIRONMENT_UNKNOWN`. */
export function environmentOf({ deployer, typed }: Session, given: string | undefined): string {
  const { environments } = deployer;
  const [only, ...others] = environments;
  if (given !== undefined) {
    // Behind a slash is an instance of a template; whether it can be one is the deployer's to say.
    if (environments.some((environment) => environment === given || given.startsWith(`${environment}/`))) return given;
    throw fail(coreErrors, "ENVIRONMENT_UNKNOWN", { environment: given, known: environments });
  }
  if (only !== undefined && others.length === 0) return only;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `Say which environment: ${environments.join(", ")}.`, help: typed("--help") });
}

/**
 * The deployment that was named by its id, or by its environment: then the newest in one of these phases, the first named phase before the others, or the newest of all. Throws
 * `CLI_NOTHING_UNDER_WAY` and `CLI_NOTHING_DEPLOYED`.
 */
export async function deploymentOf(session: Session, given: string | undefined, phases: readonly Phase[] | "any"): Promise<string> {
  if (given?.startsWith("dep_") === true) return given;
  const environment = environmentOf(session, given);
  const { items } = await session.deployer.history({ environment, limit: phases === "any" ? 1 : 50 });
  const found = phases === "any" ? items[0] : phases.flatMap((phase) => items.find((item) => item.phase === phase) ?? [])[0];
  if (found !== undefined) return found.id;
  throw fail(cliErrors, phases === "any" ? "CLI_NOTHING_DEPLOYED" : "CLI_NOTHING_UNDER_WAY", { environment });
}

const underWay: readonly Phase[] = ["running", "rolling_back", "needs_attention", "awaiting_approval", "held", "queued"];

/** Every phase of a deployment that has not ended, these first. */
export function beginningWith(...first: readonly Phase[]): readonly Phase[] {
  return [...first, ...underWay.filter((phase) => !first.includes(phase))];
}
