import type { EnvironmentOptions } from "../config/environment-options.js";
import { environmentSpec, type EnvironmentSpec } from "../config/environment-spec.js";
import type { ConfigurationProblem } from "../config/problem.js";
import { usableOptions, validateConfiguration, type Configuration } from "../config/validate.js";
import type { CallOptions } from "../contract/call.js";
import type { ProcessIdentity } from "../contract/deployment-events.js";
import type { AnyPlugin } from "../contract/plugin.js";
import type { SecretSource } from "../contract/secret-source.js";
import { secretNamesOf } from "../engine/capability-set.js";
import type { Recorder } from "../engine/engine.js";
import { resolveSecrets, type SecretValues } from "../engine/resolve-secrets.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Redactor } from "../secret/redactor.js";
import { createRecorder, createRuntime, pluginsOf, type Runtime, type Shared } from "./runtime.js";

/** An environment as every process that has the store and the configuration can know it. */
export interface Observed {
  readonly spec: EnvironmentSpec;
  readonly recorder: Recorder;
  /** Names of the secrets that this process has no value for. */
  readonly missing: readonly string[];
  /** There if nothing is missing. */
  readonly runtime: Runtime | undefined;
}

/** The environments of a deployer: checked, and set up when they are first used. */
export interface Environments {
  readonly names: readonly string[];
  problems(environment: string | undefined): Promise<readonly ConfigurationProblem[]>;
  /** Those that an environment uses. */
  plugins(environment: string): readonly AnyPlugin[];
  /** This process, as those who watch know it. */
  holder(): ProcessIdentity;
  /** Names of secrets with which ordinary text is masked too. */
  weakSecrets(environment: string): Promise<readonly string[]>;
  /** Throws `CONFIGURATION_INVALID` with every problem, missing secrets included, or `ENVIRONMENT_UNKNOWN`. */
  runtime(environment: string): Promise<Runtime>;
  /** Like `runtime`, for a process that need not have the secrets: `runtime` is only there if it has them all. */
  observed(environment: string): Promise<Observed>;
  /** Like `observed`, for who only writes rows: asks for no secret. */
  recorded(environment: string): Promise<Pick<Observed, "spec" | "recorder">>;
  /** Those that are set up. */
  active(): Promise<readonly Runtime[]>;
  dispose(): Promise<void>;
}

export function createEnvironments(options: {
  readonly configuration: Configuration;
  readonly secrets: () => SecretSource;
  readonly redactor: Redactor;
  readonly shared: () => Shared;
  readonly call: CallOptions;
}): Environments {
  const { configuration, call } = options;
  const { environments, plugins } = configuration;
  const runtimes = new Map<string, Promise<Runtime>>();
  const names = Object.keys(environments);

  const requireKnown = (name: string): EnvironmentOptions => {
    const found = optionsOf(environments, name);
    if (found === undefined) throw fail(coreErrors, "ENVIRONMENT_UNKNOWN", { environment: name, known: names });
    return found;
  };

  const sources = plugins.filter(({ provides }) => provides.includes("metrics")).map(({ name }) => name);

  /** What the options come to is the same for every instance of a template, but for its name: they share it. */
  const shared = new Map<EnvironmentOptions, EnvironmentSpec>();

  const specOf = (name: string): EnvironmentSpec => {
    const given = requireKnown(name);
    // What is required of others may depend on the instance.
    if (given.template !== true || given.requires !== undefined) return environmentSpec(name, given, sources);
    const spec = shared.get(given) ?? environmentSpec(name, given, sources);
    shared.set(given, spec);
    return { ...spec, name };
  };

  /** Also where the environment has problems: of the plugins that it names well. */
  const resolve = async (name: string): Promise<SecretValues> => {
    const { application } = configuration;
    const spec = environmentSpec(name, await usableOptions(requireKnown(name)), sources);
    const used = pluginsOf(spec, plugins);
    const words = [application, name, ...[...used, ...spec.components].map((named) => named.name)];
    const { redactor } = options;
    return resolveSecrets(secretNamesOf(used), { source: options.secrets(), redactor, environment: name, words, call });
  };

  const problems = async (name: string | undefined): Promise<readonly ConfigurationProblem[]> => {
    if (name !== undefined) requireKnown(name);
    const found = await validateConfiguration(configuration);
    // Without its source every secret would seem to be missing.
    if (name === undefined || found.some(({ place }) => place === "secrets")) return found;
    try {
      return [...found, ...secretProblems(name, await resolve(name))];
    } catch (error) {
      // That the source cannot be asked may well come of what was found.
      if (found.length > 0) return found;
      throw error;
    }
  };

  const create = async (name: string): Promise<Runtime> => {
    refuse(await problems(name));
    return createRuntime(options.shared(), specOf(name), call);
  };

  const runtimeOf = (name: string): Promise<Runtime> => {
    let runtime = runtimes.get(name);
    if (runtime === undefined) {
      runtime = create(name);
      runtimes.set(name, runtime);
      // What was wrong may be mended before the next call.
      runtime.catch(() => runtimes.delete(name));
    }
    return runtime;
  };

  return {
    names,
    problems,
    plugins: (name) => pluginsOf(specOf(name), plugins),
    holder: () => options.shared().holder,
    weakSecrets: async (name) => (await resolve(name)).weak,
    runtime: runtimeOf,
    async observed(name) {
      requireKnown(name);
      refuse(await validateConfiguration(configuration));
      const spec = specOf(name);
      const { missing } = await resolve(name);
      const runtime = missing.length === 0 ? await runtimeOf(name) : undefined;
      return { spec, missing, runtime, recorder: runtime?.engine ?? createRecorder(options.shared(), spec) };
    },
    async recorded(name) {
      requireKnown(name);
      refuse(await validateConfiguration(configuration));
      const spec = specOf(name);
      return { spec, recorder: createRecorder(options.shared(), spec) };
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

function secretProblems(environment: string, { missing, problems }: SecretValues): readonly ConfigurationProblem[] {
  return [
    ...missing.map((secret) => ({
      place: `secret ${secret}`,
      problem: `has no value in ${environment}.`,
      remedy: "Set it in the environment of the process or in the secret source.",
    })),
    ...problems,
  ];
}

function refuse(problems: readonly ConfigurationProblem[]): void {
  if (problems.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
}

/** Options by name; an instance of a template, such as `preview/pr-12`, has those of its template. */
function optionsOf(environments: Readonly<Record<string, EnvironmentOptions>>, name: string): EnvironmentOptions | undefined {
  if (Object.hasOwn(environments, name)) return environments[name];
  const slash = name.lastIndexOf("/");
  const [template, instance] = [name.slice(0, Math.max(0, slash)), name.slice(slash + 1)];
  const shared = Object.hasOwn(environments, template) ? environments[template] : undefined;
  return shared?.template === true && /^[a-z0-9][a-z0-9-]*$/.test(instance) ? shared : undefined;
}
