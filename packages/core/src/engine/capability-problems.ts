import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { ConfigurationProblem } from "../config/problem.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { CapabilitySource } from "./operation.js";

/** What is wrong with a configuration that only the plugins can say, once they are set up. Reaches no provider. */
export async function capabilityProblems(spec: EnvironmentSpec, capabilities: CapabilitySource): Promise<readonly ConfigurationProblem[]> {
  return ownStepProblems(capabilities);
}

/** Throws `CONFIGURATION_INVALID` with all of them. */
export async function requireCapabilities(spec: EnvironmentSpec, capabilities: CapabilitySource): Promise<void> {
  const problems = await capabilityProblems(spec, capabilities);
  if (problems.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
}

async function ownStepProblems(capabilities: CapabilitySource): Promise<readonly ConfigurationProblem[]> {
  const provided = await capabilities.all("steps");
  return provided.flatMap(({ plugin, capability }) => {
    const ids = capability.map(({ id }) => id);
    const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
    return [...twice].map((id) => ({
      place: `plugins.${plugin}`,
      problem: `has more than one step "${id}": only one of them would run.`,
      remedy: "Give each of its steps an id of its own.",
    }));
  });
}
