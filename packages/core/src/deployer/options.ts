import type { EnvironmentOptions, ProviderOf } from "../config/environment-options.js";
import type { AnyPlugin } from "../contract/plugin.js";
import type { SecretSource } from "../contract/secret-source.js";
import type { SchemaInput, StandardSchema } from "../contract/standard-schema.js";
import type { Store } from "../contract/store.js";
import type { Clock } from "../time/clock.js";
import type { Duration } from "../time/duration.js";

/**
 * Environments by their names, checked against the plugins and the components that the same configuration names. `Environments` is inferred: for each environment a record with the names of its
 * components. So is `Templates`: for each environment whether it is one.
 */
type EnvironmentsOptions<Plugins extends readonly AnyPlugin[], Environments, Templates, Config extends StandardSchema> = {
  readonly [Name in keyof Environments]: EnvironmentOptions<Plugins, Environments[Name], SchemaInput<Config>> &
    RequiredConfig<SchemaInput<Config>>;
} & { readonly [Name in keyof Templates]: { readonly template?: Templates[Name] } };

/** A schema that asks for something has to be given it. */
type RequiredConfig<Config> = object extends Config ? unknown : { readonly config: Config };

/** Names by which environments can be asked for: their own, and of a template those of its instances. */
export type EnvironmentName<Templates> = unknown extends Templates
  ? string
  : { [Name in keyof Templates & string]: Templates[Name] extends true ? Name | `${Name}/${string}` : Name }[keyof Templates & string];

/** Names of the components of all environments. `target` alone stands for one component `web`. */
export type ComponentName<Environments> = unknown extends Environments
  ? string
  : { [Name in keyof Environments]: unknown extends Environments[Name] ? "web" : keyof Environments[Name] & string }[keyof Environments];

export interface DeployerOptions<Plugins extends readonly AnyPlugin[], Environments, Templates, Config extends StandardSchema> {
  /** Lower-case letters, digits and hyphens; names the journal's streams, so it stays. */
  readonly application: string;
  readonly plugins: Plugins;
  readonly environments: EnvironmentsOptions<Plugins, Environments, Templates, Config>;
  /** Where everything is remembered. Default `sqliteStore({ path: ".fairlead/journal.db" })`, which only development and preview accept. */
  readonly store?: Store;
  /** Where secrets come from: a source, or the name of a plugin that is one. Default: what `useSecrets` is given, which the command line does with the process's environment. */
  readonly secrets?: SecretSource | ProviderOf<Plugins, "secrets">;
  /** Schema of the environments' `config`. Any Standard Schema. */
  readonly config?: Config;
  /**
   * A folder of the working copy that releases made of images come from, such as `import.meta.dirname`: git is asked there for the commit of what this process deploys by itself, and for the commits since the release
   * before. What others ask for is of the commit that they name. Default: git is asked about the folders that a release is made of.
   */
  readonly repository?: string;
  /** Shown to whoever finds the environment busy. Default: the machine's name. */
  readonly name?: string;
  readonly clock?: Clock;
  /** How long the lease of a process that died keeps others out. Default `15s`. */
  readonly leaseTtl?: Duration;
}

/** The options of some deployer, whatever its plugins and environments are called. */
export type AnyDeployerOptions = DeployerOptions<
  readonly AnyPlugin[],
  Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  Readonly<Record<string, boolean>>,
  StandardSchema
>;
