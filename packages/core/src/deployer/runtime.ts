import { capabilityOperations, ownOperation, ownStep } from "../engine/operations/index.js";
import type { ComponentSpec, EnvironmentSpec } from "../config/environment-spec.js";
import type { CallOptions, Logger } from "../contract/call.js";
import type { ProcessIdentity } from "../contract/deployment-events.js";
import type { AnyPlugin, Capabilities } from "../contract/plugin.js";
import type { SecretSource } from "../contract/secret-source.js";
import type { Store } from "../contract/store.js";
import { createCapabilitySet, type CapabilitySet } from "../engine/capability-set.js";
import type { Engine, Recorder } from "../engine/engine.js";
import { notificationsFor } from "../engine/notifications.js";
import type { OperationHandler } from "../engine/operation.js";
import { gateOperation, type GateOptions } from "../gates/index.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";

/** What is the same for all environments of a deployer. */
export interface Shared {
  readonly application: string;
  readonly plugins: readonly AnyPlugin[];
  readonly secrets: SecretSource;
  readonly store: Store;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly holder: ProcessIdentity;
  readonly leaseTtl: number;
  /** Where git is asked about releases that are made of images. */
  readonly repository: string | undefined;
  readonly log: Logger;
  readonly onEvents: Engine["onEvents"];
}

/** One environment, ready to be deployed to: secrets resolved, plugins set up on demand. */
export interface Runtime {
  readonly spec: EnvironmentSpec;
  readonly capabilities: CapabilitySet;
  readonly engine: Engine;
  readonly repository: string | undefined;
  readonly log: Logger;
}

export function createRecorder({ application, plugins, store, clock, redactor, onEvents }: Shared, spec: EnvironmentSpec): Recorder {
  const channels = pluginsOf(spec, plugins)
    .filter(({ provides }) => provides.includes("notifier"))
    .map(({ name }) => name);
  return {
    application,
    environment: spec.name,
    store,
    clock,
    redactor,
    onEvents,
    notify: (events, after) => notificationsFor(events, after, { channels, now: clock.now() }),
  };
}

/** Throws `SECRETS_MISSING`. */
export async function createRuntime(shared: Shared, spec: EnvironmentSpec, call: CallOptions): Promise<Runtime> {
  const { application, clock, redactor, log } = shared;
  const plugins = pluginsOf(spec, shared.plugins);
  const context = { application, environment: spec.name, clock, log, redact: (text: string) => redactor.text(text) };
  const capabilities = await createCapabilitySet({ plugins, secrets: shared.secrets, redactor, context, call });
  // The API of OpenTelemetry has many files; who only imports this package does not wait for them.
  const { openTelemetry } = await import("../engine/open-telemetry.js");
  const provided = await capabilities.all("steps");
  const gateOptions: GateOptions = {
    candidateChecks: spec.verify.checks,
    applicationChecks: spec.checks,
    successes: spec.verify.successes,
    failures: spec.bake.failures,
    failingFor: spec.bake.failingFor,
    every: spec.bake.every,
    store: shared.store,
    freezes: spec.freezes,
    smoke: { functions: spec.smokeFunctions, redact: context.redact },
  };
  const engine: Engine = {
    ...createRecorder(shared, spec),
    holder: shared.holder,
    capabilities,
    operation: (name) => capabilityOperations[name] ?? gateOperation(name, gateOptions) ?? ownHandler(provided, name),
    telemetry: openTelemetry(clock),
    leaseTtl: shared.leaseTtl,
  };
  return { spec, capabilities, engine, repository: shared.repository, log };
}

/** The plugins that an environment uses: what it names, and everything that is not named but asked, such as checks. */
export function pluginsOf(spec: EnvironmentSpec, plugins: readonly AnyPlugin[]): readonly AnyPlugin[] {
  const named = new Set([
    ...spec.components.flatMap(pluginsOfComponent),
    spec.migrator,
    ...sourcesOf(spec.analysis),
    ...(spec.steps ?? []),
  ]);
  return plugins.filter(({ name, provides }) => {
    if (named.has(name)) return true;
    if (provides.includes("notifier")) return spec.notify?.includes(name) ?? true;
    if (provides.every((capability) => capability === "steps")) return spec.steps === undefined;
    return !provides.includes("target") && !provides.includes("migrator");
  });
}

function pluginsOfComponent({ target, traffic = target, strategy }: ComponentSpec): readonly string[] {
  const shares = strategy.kind === "canary" ? strategy.steps : [];
  return [target, traffic, ...shares.flatMap(({ analysis }) => sourcesOf(analysis))];
}

function sourcesOf(analysis: EnvironmentSpec["analysis"]): readonly string[] {
  return Object.values(analysis?.queries ?? {}).map(({ source }) => source);
}

function ownHandler(
  provided: readonly { readonly plugin: string; readonly capability: Capabilities["steps"] }[],
  name: string,
): OperationHandler | undefined {
  const steps = provided.flatMap(({ plugin, capability }) => capability.filter((step) => ownOperation(plugin, step) === name));
  // Of several with one name the last one counts.
  const step = steps.at(-1);
  return step && ownStep(step);
}
