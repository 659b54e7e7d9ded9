import type { EnvironmentOptions } from "../config/environment-options.js";
import { environmentSpec, type EnvironmentSpec } from "../config/environment-spec.js";
import type { ConfigurationProblem } from "../config/problem.js";
import { validateConfiguration, type Configuration } from "../config/validate.js";
import type { CallOptions } from "../contract/call.js";
import type { SecretSource } from "../contract/secret-source.js";
import { secretNamesOf } from "../engine/capability-set.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { createRuntime, pluginsOf, type Runtime, type Shared } from "./runtime.js";

/** The environments of a deployer: checked, and set up when they are first used. */
export interface Environments {
  readonly names: readonly string[];
  problems(environment: string | undefined): Promise<readonly ConfigurationProblem[]>;
  /** Throws `CONFIGURATION_INVALID` with every problem, missing secrets included, or `ENVIRONMENT_UNKNOWN`. */
  runtime(environment: string): Promise<Runtime>;
  /** Those that are set up. */
  active(): Promise<readonly Runtime[]>;
  dispose(): Promise<void>;
}

export function createEnvironments(options: {
  readonly configuration: Configuration;
  readonly secrets: () => SecretSource;
  readonly shared: () => Shared;
  readonly call: CallOptions;
}): Environments {
  const { configuration, call } = options;
  const { environments, plugins } = configuration;
  const runtimes = new Map<string, Promise<Runtime>>();
  const names = Object.keys(environments);

  const specOf = (name: string): EnvironmentSpec => {
    const found = optionsOf(environments, name);
    if (found === undefined) throw fail(coreErrors, "ENVIRONMENT_UNKNOWN", { environment: name, known: names });
    return environmentSpec(name, found);
  };

  const missingSecrets = async (name: string): Promise<readonly ConfigurationProblem[]> => {
    const wanted = secretNamesOf(pluginsOf(specOf(name), plugins));
    const found = wanted.length === 0 ? {} : await options.secrets().resolve(wanted, { ...call, environment: name });
    return wanted
      .filter((secret) => found[secret] === undefined)
      .map((secret) => ({
        place: `secret ${secret}`,
        problem: `has no value in ${name}.`,
        remedy: "Set it in the environment of the process or in the secret source.",
      }));
  };

  const problems = async (name: string | undefined): Promise<readonly ConfigurationProblem[]> => {
    if (name !== undefined && optionsOf(environments, name) === undefined) specOf(name);
    const found = await validateConfiguration(configuration);
    if (name === undefined || found.some(({ place }) => place.startsWith(`environments.`))) return found;
    return [...found, ...(await missingSecrets(name))];
  };

  const create = async (name: string): Promise<Runtime> => {
    const found = await problems(name);
    if (found.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: found.map((problem) => ({ ...problem })) });
    return createRuntime(options.shared(), specOf(name), call);
  };

  return {
    names,
    problems,
    async runtime(name) {
      let runtime = runtimes.get(name);
      if (runtime === undefined) {
        runtime = create(name);
        runtimes.set(name, runtime);
        // What was wrong may be mended before the next call.
        runtime.catch(() => runtimes.delete(name));
      }
      return runtime;
    },
    async active() {
      const settled = await Promise.allSettled(runtimes.values());
      return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    },
    async dispose() {
      const settled = await Promise.allSettled(runtimes.values());
      await Promise.all(settled.map(async (one) => (one.status === "fulfilled" ? one.value.capabilities.dispose() : undefined)));
      runtimes.clear();
    },
  };
}

/** Options by name; an instance of a template, such as `preview/pr-12`, has those of its template. */
function optionsOf(environments: Readonly<Record<string, EnvironmentOptions>>, name: string): EnvironmentOptions | undefined {
  const own = environments[name];
  if (own !== undefined) return own;
  const [template, instance] = name.split("/", 2);
  const shared = environments[template ?? ""];
  return shared?.template === true && instance !== undefined && /^[a-z0-9][a-z0-9-]*$/.test(instance) ? shared : undefined;
}
