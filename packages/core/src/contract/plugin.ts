import type { Secret, SecretReference } from "../secret/secret.js";
import type { Clock } from "../time/clock.js";
import type { BackupStore } from "./backup.js";
import type { Logger } from "./call.js";
import type { Check } from "./check.js";
import type { FlagSource } from "./flags.js";
import type { MetricSource } from "./metrics.js";
import type { Migrator } from "./migrator.js";
import type { Notifier } from "./notifier.js";
import type { PluginCommands } from "./plugin-command.js";
import type { SecretSource } from "./secret-source.js";
import type { StandardSchema } from "./standard-schema.js";
import type { StepDefinition } from "./step.js";
import type { Store } from "./store.js";
import type { DeployTarget } from "./target.js";
import type { TrafficRouter } from "./traffic.js";

/** Everything a plugin may provide. One key, one contract, one conformance suite. */
export interface Capabilities {
  readonly target: DeployTarget;
  readonly traffic: TrafficRouter;
  readonly migrator: Migrator;
  readonly checks: readonly Check[];
  readonly notifier: Notifier;
  readonly secrets: SecretSource;
  readonly store: Store;
  readonly backup: BackupStore;
  readonly flags: FlagSource;
  readonly metrics: MetricSource;
  readonly steps: readonly StepDefinition[];
}

export type CapabilityName = keyof Capabilities;

/** What `setup` is given besides the options. One plugin is set up once per environment that uses it. */
export interface PluginContext {
  /** The name it goes by in the configuration. */
  readonly name: string;
  readonly application: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Masks every secret of the environment in a text. What a plugin throws, answers and logs is masked anyway; this is for what it cuts short, as half a secret is not found, and for what it writes where the
   * deployer does not see it.
   */
  readonly redact: (text: string) => string;
}

/** Options as `setup` sees them: every `secret("NAME")` has become the secret itself. */
export type ResolvedOptions<Options> = Options extends SecretReference
  ? Secret
  : Options extends string | number | boolean | bigint | symbol | null | undefined | ((...parameters: never) => unknown)
    ? Options
    : Options extends readonly unknown[] | object
      ? { readonly [Key in keyof Options]: ResolvedOptions<Options[Key]> }
      : Options;

/** What `setup` returns: the promised capabilities, and how to let go of what it holds. */
export type ProvidedCapabilities<Provides extends CapabilityName> = Pick<Capabilities, Provides> & {
  /** Called once when the deployer closes. */
  readonly dispose?: () => Promise<void> | void;
};

/** A plugin as a deployer holds it, whatever it provides. */
export interface AnyPlugin {
  /** The kind of plugin, e.g. `vercel`. */
  readonly id: string;
  /** Unique in a deployer; the id unless the options name it otherwise. */
  readonly name: string;
  readonly provides: readonly CapabilityName[];
  readonly options: unknown;
  readonly schema: StandardSchema;
  /** The one place of its target in an environment; absent where every component has its own. */
  readonly place?: () => string;
  /** What it brings to the command line. */
  readonly commands?: PluginCommands;
  setup(options: unknown, context: PluginContext): Promise<Partial<Capabilities> & { readonly dispose?: () => Promise<void> | void }>;
}

/** A configured plugin. `Name` and `Provides` let the compiler check what the configuration says about it. */
export interface Plugin<Name extends string = string, Provides extends CapabilityName = CapabilityName> extends AnyPlugin {
  readonly name: Name;
  readonly provides: readonly Provides[];
}

/** What a plugin's factory takes: its options and, to have it twice, a name. */
export type PluginArguments<Options, Name extends string> = Options & { readonly name?: Name };

/**
 * Makes a configured plugin. Does nothing else: options are checked with the deployer's whole configuration, `setup` runs when it is first needed. The name follows from the options alone: in a
 * deployer's list, which takes plugins of any name, it would else be taken for any `string`, and nothing that the configuration says about it could be checked.
 */
export type PluginFactory<Id extends string, Provides extends CapabilityName, Options> =
  // What schemas infer for an object without members. Options that are a choice of several are looked at as one.
  [Options] extends [Readonly<Record<string, never>>]
    ? OptionalFactory<Id, Provides, unknown>
    : [Partial<Options>] extends [Options]
      ? OptionalFactory<Id, Provides, Options>
      : <const Name extends string = Id>(options: PluginArguments<Options, Name>) => Plugin<NoInfer<Name>, Provides>;

type OptionalFactory<Id extends string, Provides extends CapabilityName, Options> = <const Name extends string = Id>(
  options?: PluginArguments<Options, Name>,
) => Plugin<NoInfer<Name>, Provides>;
