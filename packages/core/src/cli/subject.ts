import type { Deployer, DeploymentSummary } from "../deployer/types.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { hasEnded } from "../machine/index.js";
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
 * The deployment that was named by its id, or by its environment: then the one under way there, or the newest. Throws `CLI_NOTHING_UNDER_WAY` and `CLI_NOTHING_DEPLOYED`.
 */
export async function deploymentOf(session: Session, given: string | undefined, wanted: "under-way" | "newest"): Promise<string> {
  if (given?.startsWith("dep_") === true) return given;
  const environment = environmentOf(session, given);
  const found = await findDeployment(session.deployer, environment, wanted);
  if (found !== undefined) return found.id;
  throw fail(cliErrors, wanted === "newest" ? "CLI_NOTHING_DEPLOYED" : "CLI_NOTHING_UNDER_WAY", { environment });
}

async function findDeployment(
  deployer: Deployer,
  environment: string,
  wanted: "under-way" | "newest",
): Promise<DeploymentSummary | undefined> {
  const { items } = await deployer.history({ environment, limit: wanted === "newest" ? 1 : 50 });
  return wanted === "newest" ? items[0] : items.find(({ phase }) => !hasEnded(phase));
}
