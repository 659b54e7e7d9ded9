import type { ComponentSpec, EnvironmentSpec } from "../config/environment-spec.js";
import type { ConfigurationProblem } from "../config/problem.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { CapabilitySource } from "./operation.js";

/** What is wrong with a configuration that only the plugins can say, once they are set up. Reaches no provider. */
export async function capabilityProblems(spec: EnvironmentSpec, capabilities: CapabilitySource): Promise<readonly ConfigurationProblem[]> {
  return [
    ...(await roleProblems(spec, capabilities)),
    ...(await routerProblems(spec, capabilities)),
    ...(await ownStepProblems(capabilities)),
  ];
}

/** Throws `CONFIGURATION_INVALID` with all of them. */
export async function requireCapabilities(spec: EnvironmentSpec, capabilities: CapabilitySource): Promise<void> {
  const problems = await capabilityProblems(spec, capabilities);
  if (problems.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
}

async function roleProblems(spec: EnvironmentSpec, capabilities: CapabilitySource): Promise<readonly ConfigurationProblem[]> {
  const found = await Promise.all(
    spec.components.map(async ({ name, role, target }): Promise<readonly ConfigurationProblem[]> => {
      const { roles } = await capabilities.get(target, "target");
      if (roles.includes(role)) return [];
      const place = `environments.${spec.name}.components.${name}.role`;
      const runs = roles.map((one) => `"${one}"`).join(" and ");
      const remedy = `Say \`role: ${runs}\` if that is what it is, or name another target.`;
      return [{ place, problem: `is "${role}", and ${target} runs only ${runs}.`, remedy }];
    }),
  );
  return found.flat();
}

async function routerProblems(spec: EnvironmentSpec, capabilities: CapabilitySource): Promise<readonly ConfigurationProblem[]> {
  const routers = await capabilities.all("traffic");
  return spec.components.flatMap(({ name, target, traffic = target, strategy }) => {
    const router = routers.find(({ plugin }) => plugin === traffic)?.capability;
    if (strategy.kind !== "canary" || router === undefined) return [];
    const place = `environments.${spec.name}.components.${name}.strategy`;
    const problems: ConfigurationProblem[] = [];
    if (router.describe().weights === "none")
      problems.push({
        place,
        problem: `is a canary, and ${traffic} sends all traffic or none.`,
        remedy: "Use `blueGreen()`, or another router as `traffic`.",
      });
    if (isJudgedByTraffic(strategy) && router.counts === undefined)
      problems.push({
        place: `${place}.analysis`,
        problem: `is judged by what ${traffic} counts, and it counts no requests.`,
        remedy: "Ask a source of metrics, or use another router as `traffic`.",
      });
    return problems;
  });
}

function isJudgedByTraffic({ steps }: Extract<ComponentSpec["strategy"], { readonly kind: "canary" }>): boolean {
  return steps.some(({ analysis }) => Object.values(analysis?.queries ?? {}).some(({ queries }) => queries === "traffic"));
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
