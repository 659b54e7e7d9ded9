import type { ComponentSpec, EnvironmentSpec } from "../config/environment-spec.js";
import type { Sources } from "../config/source.js";
import type { CallOptions } from "../contract/call.js";
import type { DeployedRelease } from "../contract/deployment-events.js";
import type { MigrationPlan } from "../contract/migrator.js";
import type { CommitsBetween } from "../contract/plan.js";
import type { Provenance, Release } from "../contract/release.js";
import type { Store } from "../contract/store.js";
import type { TrafficRouter } from "../contract/traffic.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { digestOf } from "../json/canonical-json.js";
import type { OwnStep, PlanRequest, RequestedComponent } from "../plan/index.js";
import type { Clock } from "../time/clock.js";
import { toMilliseconds } from "../time/duration.js";
import { askProvider } from "./ask-provider.js";
import { requireCapabilities } from "./capability-problems.js";
import type { CapabilitySet } from "./capability-set.js";
import { contentDigestOf } from "./content-digest.js";
import { readReleases, type EnvironmentState } from "./environment-journal.js";
import { expiredCandidates } from "./expired-candidates.js";
import { createReleaseId } from "./ids.js";
import { ownPlanSteps } from "./operations/own-step.js";
import { readArtifacts } from "./source/read-artifacts.js";
import { readCommits } from "./source/read-commits.js";
import { readHead, readOrigin, type Origin } from "./source/read-provenance.js";
import { toSettings } from "./settings.js";

/** Where facts are read. */
export interface FactSources {
  readonly application: string;
  readonly spec: EnvironmentSpec;
  readonly capabilities: CapabilitySet;
  readonly state: EnvironmentState;
  readonly store: Store;
  readonly clock: Clock;
  readonly call: CallOptions;
  /** Where git is asked about releases that are made of images. Default: nowhere. */
  readonly repository?: string | undefined;
}

/** What a plan is made for. */
interface PlanWish {
  readonly given?: Sources | undefined;
  readonly provenance?: Provenance;
  /** Whether what is deployed comes from where this process runs: then it is of the commit that is checked out there, unless somebody names another. */
  readonly isHere?: boolean;
  /** A plan of that release anew, with the commits that were found for the last one. */
  readonly pinned?: Release;
  readonly commits?: CommitsBetween | undefined;
}

const promoteTimeout = toMilliseconds("13s");

/** Reads everything that a plan is made of. Changes nothing. With `pinned` it is a plan of that release anew: throws `SOURCE_NOT_HERE` where its migrations are not. */
export async function readPlanRequest(sources: FactSources, wish: PlanWish): Promise<PlanRequest> {
  const { given, pinned } = wish;
  const { application, spec, state, capabilities } = sources;
  await requireCapabilities(spec, capabilities);
  const id = pinned?.id ?? createReleaseId(sources.clock);
  const { artifacts, notes } = pinned
    ? { artifacts: pinned.artifacts, notes: [] }
    : await readArtifacts({ ...sources, environment: spec.name, release: id, components: spec.components, sources: given });
  const [components, migrations, origin, own, settings] = await Promise.all([
    componentsOf(sources),
    spec.migrator === undefined ? undefined : readMigrations(sources, spec.migrator),
    originOf(sources, artifacts, wish),
    readOwnSteps(sources),
    capabilities.settings(spec.components.map(({ target }) => target)),
  ]);
  if (!spec.allowDirty) requireClean(spec.name, origin);
  const content = {
    components: spec.components,
    artifacts,
    settings,
    migrations: migrations?.plan.all ?? [],
    config: toSettings(spec.config),
    secrets: capabilities.secretVersions(),
    steps: own.map(({ step }) => step),
  };
  if (pinned !== undefined) requireSameMigrations(pinned, content.migrations);
  const release: Release = {
    id,
    application,
    createdAt: pinned?.createdAt ?? new Date(sources.clock.now()).toISOString(),
    provenance: origin.provenance,
    artifacts,
    migrations: content.migrations,
    contentDigest: contentDigestOf(content),
  };
  return {
    application,
    environment: spec.name,
    release,
    previousRelease: state.serving?.release,
    commits: origin.commits,
    components,
    migrator: migrations,
    ownSteps: own,
    times: {
      prepare: spec.timeouts.prepare,
      migrate: spec.timeouts.migrate,
      verify: spec.verify.within,
      bake: spec.bake.for,
      bakeDecides: spec.bake.failures * spec.bake.every + spec.bake.failingFor,
      settle: spec.timeouts.settle,
    },
    approval: spec.approval,
    requirements: spec.requirements,
    freezeHolds: spec.freezeHolds,
    smoke: spec.smoke,
    analysis: spec.analysis,
    contract: spec.contract,
    schema: spec.schema,
    notes,
  };
}

/** Where a release comes from, and which commits lie between it and what serves. */
async function originOf(
  { state, repository }: FactSources,
  artifacts: Release["artifacts"],
  { provenance, isHere, pinned, commits }: PlanWish,
): Promise<Origin & { readonly commits: CommitsBetween | undefined }> {
  const origin = pinned === undefined ? await readOrigin(artifacts) : { provenance: pinned.provenance, files: [], unknown: [] };
  const told = { ...provenance, ...origin.provenance };
  const asksHere = told.commit === undefined && isHere === true && repository !== undefined;
  const known = asksHere ? { ...told, ...(await readHead(repository)) } : told;
  const from = state.serving?.release.provenance.commit;
  // What was found is kept as it was recorded, secrets taken out: the plan is the same one then.
  const between = commits?.since === from ? commits : await readCommits(artifacts, { repository, from, to: known.commit });
  return { ...origin, provenance: known, commits: between };
}

function requireSameMigrations(pinned: Release, found: Release["migrations"]): void {
  const of = (migrations: Release["migrations"]): string => digestOf(migrations.map(({ id, checksum }) => ({ id, checksum })));
  if (of(pinned.migrations) !== of(found))
    throw fail(coreErrors, "SOURCE_NOT_HERE", { component: "migrations", digest: of(pinned.migrations) });
}

function requireClean(environment: string, { files, unknown }: Origin): void {
  const [unchecked] = unknown;
  if (unchecked !== undefined) throw fail(coreErrors, "SOURCE_UNCHECKED", { environment, ...unchecked });
  if (files.length > 0) throw fail(coreErrors, "SOURCE_DIRTY", { environment, files });
}

/** The steps of the plugins that the environment names, in that order, else of all. */
async function readOwnSteps({ capabilities, spec }: FactSources): Promise<readonly OwnStep[]> {
  const provided = await capabilities.all("steps");
  const chosen = spec.steps?.flatMap((name) => provided.filter(({ plugin }) => plugin === name)) ?? provided;
  return chosen.flatMap(({ plugin, capability }) => capability.flatMap((definition) => ownPlanSteps(plugin, definition)));
}

/** The components as a plan needs them: what serves now, read live, and what is retained too long. Throws `CONFIGURATION_INVALID` for what its target cannot run. */
export async function readComponents(sources: FactSources): Promise<readonly RequestedComponent[]> {
  await requireCapabilities(sources.spec, sources.capabilities);
  return componentsOf(sources);
}

async function componentsOf({
  application,
  spec,
  capabilities,
  state,
  store,
  clock,
  call,
}: FactSources): Promise<readonly RequestedComponent[]> {
  let reading: Promise<readonly DeployedRelease[]> | undefined;
  const releases = (): Promise<readonly DeployedRelease[]> => (reading ??= readReleases(store, application, spec.name, state));
  const routers = await capabilities.all("traffic");
  const isAsked = await asksAbout(spec, capabilities);
  return Promise.all(
    spec.components.map(async (component): Promise<RequestedComponent> => {
      const target = await capabilities.get(component.target, "target");
      const reference = { application, environment: spec.name, component: component.name, role: component.role };
      const serving = await askProvider(clock, call, `what serves as ${component.name}`, (options) => target.current(reference, options));
      return {
        name: component.name,
        role: component.role,
        target: component.target,
        after: component.after,
        strategy: component.strategy,
        ...(component.fleet === undefined ? {} : { fleet: component.fleet }),
        ...routerOf(component, routers),
        variables: component.variables,
        promoteTimeout: target.promoteTimeout ?? promoteTimeout,
        discards: target.discard !== undefined,
        ...(isAsked(component) ? {} : { unasked: true }),
        expired: await expiredCandidates({
          target,
          about: reference,
          releases,
          retain: spec.retain,
          serving: serving?.candidate.id,
          clock,
          call,
        }),
        ...(serving === undefined ? {} : { previous: serving.candidate }),
      };
    }),
  );
}

/** Whether a check, a test or metrics tell about a release of a component. */
async function asksAbout(spec: EnvironmentSpec, capabilities: CapabilitySet): Promise<(component: ComponentSpec) => boolean> {
  const provided = await capabilities.all("checks");
  const checks = provided.flatMap(({ plugin, capability }) => capability.map(({ scope }) => ({ plugin, scope })));
  const isAnyAsked =
    spec.verify.checks.length + spec.checks.length > 0 ||
    spec.analysis !== undefined ||
    checks.some(({ scope }) => scope === "application");
  return ({ name, target, strategy }) =>
    isAnyAsked ||
    checks.some(({ plugin, scope }) => plugin === target && scope === "candidate") ||
    spec.smoke.some(({ component }) => component === name) ||
    (strategy.kind === "canary" && strategy.steps.some(({ analysis }) => analysis !== undefined));
}

/** Who sends shares of its traffic, where somebody does. */
function routerOf(
  { target, traffic = target }: ComponentSpec,
  routers: readonly { readonly plugin: string; readonly capability: TrafficRouter }[],
): Pick<RequestedComponent, "traffic" | "abilities"> {
  const router = routers.find(({ plugin }) => plugin === traffic);
  return router === undefined ? {} : { traffic, abilities: router.capability.describe() };
}

/** Whether what is to be deployed is what serves already, in every component and in the database. */
export function servesAlready({ release, components, migrator }: PlanRequest, serving: DeployedRelease | undefined): boolean {
  if (serving?.release.contentDigest !== release.contentDigest) return false;
  if ((migrator?.plan.pending ?? []).some(({ phase }) => phase !== "contract")) return false;
  return components.every(({ name, previous }) => previous !== undefined && previous.id === serving.candidates[name]?.id);
}

async function readMigrations(
  { capabilities, clock, call }: FactSources,
  plugin: string,
): Promise<{ readonly plugin: string; readonly description: string; readonly plan: MigrationPlan }> {
  const migrator = await capabilities.get(plugin, "migrator");
  const plan = await askProvider(clock, call, "which migrations are pending", (options) => migrator.plan(options));
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw fail(coreErrors, "MIGRATIONS_NOT_SAFE", {
      findings: errors.map(({ migration, message, hint }) => ({ migration, message, hint })),
    });
  }
  return { plugin, description: migrator.description, plan };
}
