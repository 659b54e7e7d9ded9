import type { CallOptions } from "../contract/call.js";
import type { AnyPlugin, PluginContext } from "../contract/plugin.js";
import type { SecretSource } from "../contract/secret-source.js";
import { createCapabilitySet, secretNamesOf, type CapabilitySet } from "../engine/capability-set.js";
import type { Redactor } from "../secret/redactor.js";

/** A source of secrets that is a plugin. */
export interface PluginSecrets extends SecretSource {
  dispose(): Promise<void>;
}

/** The secrets that a plugin provides, set up per environment when it is first asked. What its own options need, such as the token of a vault, comes from `own`. */
export function pluginSecrets(options: {
  readonly plugin: AnyPlugin;
  readonly own: () => SecretSource;
  readonly redactor: Redactor;
  readonly context: Omit<PluginContext, "name" | "environment">;
  readonly call: CallOptions;
}): PluginSecrets {
  const { plugin, own, redactor, context } = options;
  const ownNames = secretNamesOf([plugin]);
  const sets = new Map<string, Promise<CapabilitySet>>();

  const setOf = (environment: string): Promise<CapabilitySet> => {
    let set = sets.get(environment);
    if (set === undefined) {
      set = createCapabilitySet({ plugins: [plugin], secrets: own(), redactor, context: { ...context, environment }, call: options.call });
      sets.set(environment, set);
      // What was wrong may be mended before the next call.
      set.catch(() => sets.delete(environment));
    }
    return set;
  };

  return {
    async resolve(names, call) {
      const found = ownNames.length === 0 ? {} : await own().resolve(ownNames, call);
      const others = names.filter((name) => !ownNames.includes(name));
      // Nobody can ask it yet: that its own secrets are missing is what has to be told.
      if (others.length === 0 || ownNames.some((name) => found[name] === undefined)) return found;
      const source = await (await setOf(call.environment)).get(plugin.name, "secrets");
      return { ...(await source.resolve(others, call)), ...found };
    },
    async dispose() {
      const settled = await Promise.allSettled(sets.values());
      await Promise.all(settled.map(async (one) => (one.status === "fulfilled" ? one.value.dispose() : undefined)));
      sets.clear();
    },
  };
}
