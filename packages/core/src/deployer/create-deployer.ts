import { hostname } from "node:os";
import { environmentSecrets } from "../config/environment-secrets.js";
import type { LogEntry } from "../contract/deployment-events.js";
import type { AnyPlugin } from "../contract/plugin.js";
import type { Plan } from "../contract/plan.js";
import type { SecretSource } from "../contract/secret-source.js";
import type { StandardSchema } from "../contract/standard-schema.js";
import { patientSecrets } from "../engine/patient-secrets.js";
import { currentProcess } from "../engine/process-identity.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { maskedError } from "../secret/masked-error.js";
import { createRedactor } from "../secret/redactor.js";
import { sqliteStore } from "../store/sqlite-store.js";
import { systemClock } from "../time/clock.js";
import { toMilliseconds } from "../time/duration.js";
import { readExplanation } from "./explanation.js";
import { readChanges } from "./release-changes.js";
import { createCommands } from "./commands.js";
import { createDrives } from "./drives.js";
import { createEnvironments } from "./environments.js";
import { exportJournal, verifyJournal } from "./journals.js";
import { createListeners } from "./listeners.js";
import type { AnyDeployerOptions, ComponentName, DeployerOptions, EnvironmentName } from "./options.js";
import { readHistory, readLog, readMessages } from "./reports.js";
import { readOutlook } from "./outlook.js";
import { readStatistics } from "./statistics.js";
import { commandGroupsOf, runPluginCommand } from "./plugin-commands.js";
import { pluginSecrets } from "./plugin-secrets.js";
import type { Shared } from "./runtime.js";
import { openStatusPage } from "./status-page.js";
import { storeSecret } from "./store-secret.js";
import type { Deployer } from "./types.js";
import { wellCalled } from "./well-called.js";

/**
 * Makes the deployer of an application. Synchronous, does no I/O and starts nothing; the configuration is checked by the first call that needs it, and all of its problems come in one
 * `CONFIGURATION_INVALID`.
 */
export function createDeployer<
  const Plugins extends readonly AnyPlugin[],
  Environments,
  const Templates,
  Config extends StandardSchema = StandardSchema,
>(options: DeployerOptions<Plugins, Environments, Templates, Config>): Deployer<EnvironmentName<Templates>, ComponentName<Environments>>;
export function createDeployer(options: AnyDeployerOptions): Deployer {
  const { application, plugins, clock = systemClock } = options;
  const redactor = createRedactor();
  const listeners = createListeners(redactor, clock);
  const store = options.store ?? sqliteStore({ path: ".fairlead/journal.db" });
  const closing = new AbortController();
  let givenSecrets: SecretSource | undefined;
  let closed: Promise<void> | undefined;
  let hasActed = false;

  const log = listeners.logger;
  const call = { signal: closing.signal, log };
  const ownSecrets = (): SecretSource => givenSecrets ?? environmentSecrets({});
  const patient = (source: SecretSource): SecretSource =>
    patientSecrets(source, source === vaultSecrets ? `Plugin "${String(vault?.name)}"` : "The source of secrets", clock);
  const vault = plugins.find(({ name, provides }) => name === options.secrets && provides.includes("secrets"));
  const vaultSecrets =
    vault &&
    pluginSecrets({
      plugin: vault,
      own: ownSecrets,
      redactor,
      context: { application, clock, log, redact: (text) => redactor.text(text) },
      call,
    });
  const secretSource = (): SecretSource => patient(typeof options.secrets === "object" ? options.secrets : (vaultSecrets ?? ownSecrets()));
  store.useSecrets?.((name) =>
    storeSecret(name, {
      source: patient(typeof options.secrets === "object" ? options.secrets : ownSecrets()),
      redactor,
      application,
      call,
    }),
  );
  const shared = (): Shared => ({
    application,
    plugins,
    secrets: secretSource(),
    store,
    clock,
    redactor,
    holder: currentProcess(options.name ?? hostname()),
    leaseTtl: toMilliseconds(options.leaseTtl ?? "15s"),
    repository: options.repository,
    log,
    onEvents: (events, state) => {
      listeners.emit(events, state);
    },
  });
  const environments = createEnvironments({
    configuration: {
      application,
      plugins,
      environments: options.environments,
      store: options.store,
      config: options.config,
      secrets: typeof options.secrets === "string" ? options.secrets : undefined,
      repository: options.repository,
    },
    secrets: secretSource,
    redactor,
    shared,
    call,
  });
  const drives = createDrives({
    onLog: (deploymentId: string, entry: LogEntry) => {
      listeners.log({ ...entry, deploymentId });
    },
  });
  const commands = createCommands({ environments, drives, store, clock, application, call });
  const open =
    <Parameters extends readonly unknown[], Result>(method: (...parameters: Parameters) => Promise<Result>) =>
    async (...parameters: Parameters): Promise<Result> => {
      if (closed !== undefined) throw fail(coreErrors, "DEPLOYER_CLOSED", {});
      return method(...parameters).catch((error: unknown) => {
        throw maskedError(redactor, error);
      });
    };

  /** Like `open`, for what does something: then messages are delivered in the end. Who only asked changes nothing anywhere. */
  const acting = <Parameters extends readonly unknown[], Result>(method: (...parameters: Parameters) => Promise<Result>) =>
    open((...parameters: Parameters): Promise<Result> => {
      hasActed = true;
      return method(...parameters);
    });

  /** Like `open`, for what is told rather than done: providers say what they like in it. */
  const told = <Parameters extends readonly unknown[], Result>(method: (...parameters: Parameters) => Promise<Result>) =>
    open(async (...parameters: Parameters): Promise<Result> => redactor.value(await method(...parameters)));

  const close: Deployer["close"] = ({ within = "5s" } = {}) => {
    closed ??= (async () => {
      await commands.stop();
      await drives.stop();
      await commands.pruned();
      if (hasActed) await drives.drain(await environments.active(), toMilliseconds(within));
      closing.abort();
      await environments.dispose();
      await vaultSecrets?.dispose();
      await store.close();
    })();
    return closed;
  };

  return wellCalled({
    application,
    environments: environments.names,
    store,
    useSecrets: (source: SecretSource) => {
      givenSecrets ??= source;
    },
    redact: (text: string) => redactor.text(text),
    validate: told((environment?: string) => environments.problems(environment)),
    plan: told(commands.plan),
    outlook: open(async (plan: Plan) => readOutlook(plan, { store, clock, spec: (await environments.observed(plan.environment)).spec })),
    deploy: acting(commands.deploy),
    request: open((input: Parameters<Deployer["request"]>[0]) => commands.requests.record(input)),
    requested: open((id: string) => commands.requests.read(id)),
    pendingRequests: open(({ environment }: { readonly environment?: string } = {}) => commands.requests.pending(environment)),
    rollback: acting(commands.rollback),
    adopt: acting(commands.adopt),
    recover: acting(async (input: Parameters<Deployer["recover"]>[0]) => {
      const { deployments, refusals } = await commands.recover(input);
      return { deployments, refusals: redactor.value(refusals) };
    }),
    abort: acting(commands.abort),
    pause: acting(commands.pause),
    resume: acting(commands.resume),
    advance: acting(commands.advance),
    advanceAll: acting(commands.advanceAll),
    approve: acting(commands.approve),
    reject: acting(commands.reject),
    release: acting(commands.release),
    freeze: acting(commands.freeze),
    unfreeze: acting(commands.unfreeze),
    unpin: acting(commands.unpin),
    takeBack: acting(commands.takeBack),
    retry: acting(commands.retry),
    abandon: acting(commands.abandon),
    deployment: open(commands.deployment),
    status: told(commands.status),
    history: open((query: Parameters<Deployer["history"]>[0] = {}) => readHistory(store, application, query)),
    statistics: open((query: Parameters<Deployer["statistics"]>[0] = {}) => readStatistics(store, application, { clock, ...query })),
    explain: open((deploymentId: string) => readExplanation(store, application, deploymentId)),
    changes: open((input: Parameters<Deployer["changes"]>[0]) => readChanges(store, application, input)),
    logs: open((deploymentId: string) => readLog(store, application, deploymentId)),
    exportJournal: open(({ environment }: { readonly environment?: string } = {}) =>
      Promise.resolve(exportJournal({ store, clock, application, environment })),
    ),
    verifyJournal: open(({ environment }: { readonly environment?: string } = {}) =>
      verifyJournal({ store, clock, application, environment }),
    ),
    prune: open(commands.prune),
    statusPage: open(async (environment: string) =>
      openStatusPage((await environments.recorded(environment)).spec, { application, plugins, store, clock, redactor, acting }),
    ),
    commandGroups: commandGroupsOf(plugins),
    runCommand: open((input: Parameters<Deployer["runCommand"]>[0]) => runPluginCommand({ environments, shared: shared(), call }, input)),
    redeliver: acting(commands.redeliver),
    messages: open((query: Parameters<Deployer["messages"]>[0] = {}) => readMessages(store, application, query)),
    doctor: told(commands.doctor),
    health: told(commands.health),
    work: acting(commands.work),
    on: listeners.on,
    onAny: listeners.onAny,
    onLog: listeners.onLog,
    close,
    [Symbol.asyncDispose]: () => close(),
  });
}
