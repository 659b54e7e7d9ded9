import type { EnvironmentOptions, ProviderOf } from "../config/environment-options.js";
import type { AnyPlugin } from "../contract/plugin.js";
import type { SecretSource } from "../contract/secret-source.js";
import type { SchemaInput, StandardSchema } from "../contract/standard-schema.js";
import type { Store } from "../contract/store.js";
import type { Clock } from "../time/clock.js";
import type { Duration } from "../time/duration.js";

/** Checked against the plugins and the components that the same configuration names. */
export type CheckedEnvironments<Plugins extends readonly AnyPlugin[], Environments, Config extends StandardSchema> = {
  readonly [Name in keyof Environments]: EnvironmentOptions<
    Plugins,
    Environments[Name] extends { readonly components: infer Components } ? keyof Components & string : string,
    SchemaInput<Config>
  >;
};

export interface DeployerOptions<Plugins extends readonly AnyPlugin[], Environments, Config extends StandardSchema> {
  /** Lower-case letters, digits and hyphens; names the journal's streams, so it stays. */
  readonly application: string;
  readonly plugins: Plugins;
  readonly environments: Environments & CheckedEnvironments<Plugins, Environments, Config>;
  /** Where everything is remembered. Default `sqliteStore({ path: ".fairlead/journal.db" })`, which only development and preview accept. */
  readonly store?: Store;
  /** Where secrets come from: a source, or the name of a plugin that is one. Default: what `useSecrets` is given, which the command line does with the process's environment. */
  readonly secrets?: SecretSource | ProviderOf<Plugins, "secrets">;
  /** Schema of the environments' `config`. Any Standard Schema. */
  readonly config?: Config;
  /** Shown to whoever finds the environment busy. Default: the machine's name. */
  readonly name?: string;
  readonly clock?: Clock;
  /** How long the lease of a process that died keeps others out. Default `15s`. */
  readonly leaseTtl?: Duration;
}
