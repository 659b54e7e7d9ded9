import type { AnyPlugin, CapabilityName, PluginContext, PluginFactory, ProvidedCapabilities, ResolvedOptions } from "./plugin.js";
import type { PluginCommands } from "./plugin-command.js";
import type { StandardSchema } from "./standard-schema.js";

/** A plugin's declaration. */
export interface PluginDefinition<Id extends string, Provides extends CapabilityName, Input, Output> {
  /** Kebab-case kind of plugin, e.g. `vercel`. */
  readonly id: Id;
  /** Known before anything runs. */
  readonly provides: readonly Provides[];
  /** Any Standard Schema. Make it strict, so that a misspelt option is a finding. */
  readonly options: StandardSchema<Input, Output>;
  /**
   * Where its target puts a component, for a target that has one place in an environment whatever the component is called, e.g. `Vercel project shop`. A deployer refuses two components of an
   * environment in one place: each would replace the other. Absent: every component has a place of its own. Should be pure; asked only with options that fit their schema.
   */
  readonly place?: (options: Input) => string;
  /** Commands that it brings to the command line, known before anything runs. `setup` does not run for them. */
  readonly commands?: PluginCommands<NoInfer<Output>>;
  /**
   * Returns what was promised. Runs when first needed, once per deployer and environment, with secrets resolved. May be asynchronous; should not call out: reaching the provider is what
   * the `provider` checks are for.
   */
  readonly setup: (
    options: ResolvedOptions<Output>,
    context: PluginContext,
  ) => ProvidedCapabilities<Provides> | Promise<ProvidedCapabilities<Provides>>;
}

/**
 * Makes the factory of a plugin: `export const vercel = definePlugin({ id, provides, options, setup })`, used as `vercel({ … })`. Ours are made with it and with nothing
 * else. A capability that is promised and not returned does not compile.
 */
export function definePlugin<const Id extends string, const Provides extends CapabilityName, Input, Output>(
  definition: PluginDefinition<Id, Provides, Input, Output>,
): PluginFactory<Id, Provides, Input> {
  const factory = (given: (Input & { readonly name?: string }) | undefined): AnyPlugin => {
    const { name, ...options } = { ...given };
    const { place, commands } = definition;
    return Object.freeze({
      id: definition.id,
      name: name ?? definition.id,
      provides: definition.provides,
      options,
      schema: definition.options,
      ...(place === undefined ? {} : { place: () => place(options as Input) }),
      ...(commands === undefined ? {} : { commands }),
      setup: async (resolved: unknown, context: PluginContext) => definition.setup(resolved as ResolvedOptions<Output>, context),
    });
  };
  return factory as PluginFactory<Id, Provides, Input>;
}
