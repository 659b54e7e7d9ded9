import type { CallOptions } from "../contract/call.js";
import type { AnyPlugin, Capabilities, CapabilityName, PluginContext } from "../contract/plugin.js";
import type { SecretSource } from "../contract/secret-source.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Json } from "../json/json.js";
import type { Redactor } from "../secret/redactor.js";
import { isSecretReference } from "../secret/secret.js";
import type { CapabilitySource } from "./operation.js";
import { checkedOptions, revealed } from "./plugin-options.js";
import { toSettings } from "./settings.js";
import { resolveSecrets } from "./resolve-secrets.js";
import { setUpInTime } from "./set-up-in-time.js";

type Instance = Awaited<ReturnType<AnyPlugin["setup"]>>;

/** The plugins of one environment. */
export interface CapabilitySet extends CapabilitySource {
  /** Versions of the secrets that were resolved, where their source has versions; part of what is deployed. */
  secretVersions(): Readonly<Record<string, string>>;
  /** The options of plugins as their schemas complete them, by name; every secret is its name. */
  settings(names: readonly string[]): Promise<Readonly<Record<string, Json | undefined>>>;
  dispose(): Promise<void>;
}

/** Names of the secrets in some plugins' options. */
export function secretNamesOf(plugins: readonly AnyPlugin[]): readonly string[] {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (isSecretReference(value)) names.add(value.name);
    else if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  for (const { options } of plugins) walk(options);
  return [...names];
}

/**
 * Resolves all secrets in one batch, makes them known to the redactor, and sets plugins up when they are first asked for, each once. Throws `SECRETS_MISSING` with all names that have no
 * value, and `CONFIGURATION_INVALID` with all that cannot be masked.
 */
export async function createCapabilitySet(options: {
  readonly plugins: readonly AnyPlugin[];
  readonly secrets: SecretSource;
  readonly redactor: Redactor;
  readonly context: Omit<PluginContext, "name">;
  readonly call: CallOptions;
}): Promise<CapabilitySet> {
  const { plugins, redactor, context, call } = options;
  const { application, environment } = context;
  const words = [application, environment, ...plugins.map(({ name }) => name)];
  const found = await resolveSecrets(secretNamesOf(plugins), { source: options.secrets, redactor, environment, words, call });
  const { values: resolved, missing, problems } = found;
  if (missing.length > 0) throw fail(coreErrors, "SECRETS_MISSING", { environment, names: missing });
  if (problems.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
  const instances = new Map<string, Promise<Instance>>();

  const instanceOf = (plugin: AnyPlugin): Promise<Instance> => {
    let instance = instances.get(plugin.name);
    if (instance === undefined) {
      instance = setUpInTime(context, call.signal, plugin, () => setUp(plugin, resolved, context));
      instances.set(plugin.name, instance);
      // What was wrong may be mended before it is asked for again.
      instance.catch(() => instances.delete(plugin.name));
    }
    return instance;
  };

  const providersOf = (capability: CapabilityName): readonly AnyPlugin[] => plugins.filter(({ provides }) => provides.includes(capability));

  return {
    async get<Name extends CapabilityName>(name: string, capability: Name): Promise<Capabilities[Name]> {
      const providers = providersOf(capability);
      const plugin = providers.find((other) => other.name === name);
      const provided = plugin === undefined ? undefined : (await instanceOf(plugin))[capability];
      if (provided === undefined) {
        throw fail(coreErrors, "CAPABILITY_MISSING", { plugin: name, capability, known: providers.map((other) => other.name) });
      }
      return provided as Capabilities[Name];
    },
    async all<Name extends CapabilityName>(capability: Name) {
      const found = await Promise.all(
        providersOf(capability).map(async (plugin) => ({ plugin: plugin.name, capability: (await instanceOf(plugin))[capability] })),
      );
      return found.filter((one): one is { plugin: string; capability: Capabilities[Name] } => one.capability !== undefined);
    },
    secretVersions: () =>
      Object.fromEntries(
        Object.entries(resolved).flatMap(([name, { version }]) => (version === undefined ? [] : [[name, version] as const])),
      ),
    async settings(wanted) {
      const chosen = plugins.filter(({ name }) => wanted.includes(name));
      const found = chosen.map(async (plugin) => [plugin.name, toSettings(await checkedOptions(plugin))] as const);
      return Object.fromEntries(await Promise.all(found));
    },
    async dispose() {
      const done = await Promise.allSettled(instances.values());
      await Promise.allSettled(done.map(async (instance) => (instance.status === "fulfilled" ? instance.value.dispose?.() : undefined)));
      instances.clear();
    },
  };
}

async function setUp(
  plugin: AnyPlugin,
  secrets: Readonly<Record<string, { readonly value: string }>>,
  context: Omit<PluginContext, "name">,
): Promise<Instance> {
  return plugin.setup(revealed(await checkedOptions(plugin), secrets), { ...context, name: plugin.name });
}
