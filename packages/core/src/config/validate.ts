import type { AnyPlugin, CapabilityName } from "../contract/plugin.js";
import type { StandardSchema } from "../contract/standard-schema.js";
import type { Store } from "../contract/store.js";
import { analysisProblems } from "./analysis-problems.js";
import type { EnvironmentOptions } from "./environment-options.js";
import { componentsOf, kindOf } from "./environment-spec.js";
import { sharedPlaceProblems } from "./places.js";
import { smokeProblems } from "./smoke-problems.js";
import { wellShaped } from "./well-shaped.js";
import { problemOfIssue, type ConfigurationProblem } from "./problem.js";

/** What is checked: everything that a deployer was given. */
export interface Configuration {
  readonly application: string;
  readonly plugins: readonly AnyPlugin[];
  readonly environments: Readonly<Record<string, EnvironmentOptions>>;
  readonly store: Store | undefined;
  readonly config: StandardSchema | undefined;
  /** The plugin that secrets come from, where it is one. */
  readonly secrets: string | undefined;
  /** Where git is asked, if it is said. */
  readonly repository?: unknown;
}

/** Every problem of a configuration. Reaches nothing. */
export async function validateConfiguration(configuration: Configuration): Promise<readonly ConfigurationProblem[]> {
  const { application, plugins, environments, repository } = configuration;
  const problems: ConfigurationProblem[] = [];
  if (!/^[a-z][a-z0-9-]*$/.test(application)) {
    problems.push({
      place: "application",
      problem: "is not a name of lower-case letters, digits and hyphens.",
      remedy: 'Write e.g. "shop".',
    });
  }
  if (repository !== undefined && (typeof repository !== "string" || /^(?:[a-z][a-z+.-]*:\/\/|[^/]+@)/i.test(repository))) {
    problems.push({
      place: "repository",
      problem: "is not a folder: git is asked in a working copy, and fetches nothing.",
      remedy: "Write import.meta.dirname.",
    });
  }
  if (Object.keys(environments).length === 0)
    problems.push({ place: "environments", problem: "is empty.", remedy: "Describe at least one environment." });
  const misconfigured = await pluginProblems(plugins);
  problems.push(...storeProblems(configuration), ...misconfigured, ...secretsProblems(configuration));
  for (const [name, options] of Object.entries(environments)) problems.push(...(await environmentProblems(configuration, name, options)));
  // A plugin can say where it puts things only by options that it understands.
  if (problems.length === 0) {
    for (const [name, options] of Object.entries(environments)) problems.push(...sharedPlaceProblems(plugins, name, options));
  }
  return problems;
}

async function pluginProblems(plugins: readonly AnyPlugin[]): Promise<ConfigurationProblem[]> {
  const problems: ConfigurationProblem[] = [];
  const seen = new Set<string>();
  for (const { id, name, options, schema } of plugins) {
    const place = `plugins.${name}`;
    if (seen.has(name))
      problems.push({ place, problem: "is there twice.", remedy: `Give one of them another name: ${id}({ name: "${name}-2", … }).` });
    seen.add(name);
    problems.push(...(await schemaProblems(place, schema, options)));
  }
  return problems;
}

async function environmentProblems(
  configuration: Configuration,
  name: string,
  options: EnvironmentOptions,
): Promise<ConfigurationProblem[]> {
  const base = `environments.${name === "" ? '""' : name}`;
  const { problems: shape, usable } = await shapeOf(base, options);
  const found = [...nameProblems(base, name), ...shape];
  if (!isDescribed(options)) return found;
  return [
    ...found,
    ...referenceProblems(configuration.plugins, base, options, usable),
    ...(await configProblems(configuration, base, options)),
  ];
}

/** What of an environment's options can be read, whatever is wrong with the rest. */
export async function usableOptions(options: EnvironmentOptions): Promise<EnvironmentOptions> {
  return (await shapeOf("", options)).usable;
}

async function shapeOf(
  base: string,
  options: EnvironmentOptions,
): Promise<{ readonly problems: readonly ConfigurationProblem[]; readonly usable: EnvironmentOptions }> {
  // Reading its files costs more than all the rest of an import of this package.
  const { environmentSchema } = await import("./environment-schema.js");
  const { validate, vendor } = environmentSchema["~standard"];
  const { issues = [] } = await validate(options);
  return { problems: issues.map((issue) => problemOfIssue(base, issue, vendor)), usable: wellShaped(options, issues) };
}

/** Names are in streams, claims and commands; those with slashes look like instances of a template. */
function nameProblems(place: string, name: string): ConfigurationProblem[] {
  if (/^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/.test(name)) return [];
  return [
    {
      place,
      problem: "is not named with lower-case letters, digits and hyphens.",
      remedy: 'Name it e.g. "production" or "eu/production".',
    },
  ];
}

/** Scripts that no compiler has seen may give anything. */
function isDescribed(options: unknown): boolean {
  return typeof options === "object" && options !== null;
}

/** One problem for all environments: it has one remedy. */
function storeProblems({ store, environments }: Configuration): ConfigurationProblem[] {
  if (store?.shared === true || store?.singleMachine === true) return [];
  const described = Object.entries(environments).filter(([, options]) => isDescribed(options));
  const shared = described.filter(([name, options]) => !["development", "preview"].includes(kindOf(name, options)));
  if (shared.length === 0) return [];
  return [
    {
      place: store === undefined ? "store" : `store (${store.description})`,
      problem: `is not shared, and ${shared.map(([name]) => name).join(" and ")} must not be deployed from two machines that do not know of each other (STORE_NOT_SHARED).`,
      remedy:
        'Use a shared store, or state that only this machine deploys: sqliteStore({ path: join(import.meta.dirname, ".fairlead/journal.db"), singleMachine: true }).',
    },
  ];
}

function secretsProblems({ secrets, plugins }: Configuration): ConfigurationProblem[] {
  return secrets === undefined ? [] : providerProblems(plugins, { place: "secrets", plugin: secrets, capability: "secrets" });
}

function providerProblems(
  plugins: readonly AnyPlugin[],
  { place, plugin, capability }: { readonly place: string; readonly plugin: string; readonly capability: CapabilityName },
): ConfigurationProblem[] {
  const providers = plugins.filter(({ provides }) => provides.includes(capability)).map(({ name }) => name);
  if (providers.includes(plugin)) return [];
  const isThere = plugins.some(({ name }) => name === plugin);
  return [
    {
      place,
      problem: isThere ? `names "${plugin}", which provides no ${capability}.` : `names "${plugin}", and there is no such plugin.`,
      remedy: providers.length === 0 ? `Add a plugin that provides ${capability}.` : `Use one of: ${providers.join(", ")}.`,
    },
  ];
}

/** `options` as they were given, `usable` what of them has the right shape. */
function referenceProblems(
  plugins: readonly AnyPlugin[],
  base: string,
  options: EnvironmentOptions,
  usable: EnvironmentOptions,
): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const requirePlugin = (place: string, plugin: string, capability: CapabilityName): void => {
    problems.push(...providerProblems(plugins, { place, plugin, capability }));
  };
  const components = componentsOf(usable);
  if (options.target === undefined && Object.keys(options.components ?? {}).length === 0)
    problems.push({ place: base, problem: "has nothing to deploy.", remedy: "Give it a `target` or `components`." });
  if (options.target !== undefined && options.components !== undefined) {
    problems.push({ place: `${base}.target`, problem: "stands beside `components`.", remedy: "Keep one of them." });
  }
  problems.push(...componentProblems(plugins, base, options, components));
  problems.push(...cycleProblems(base, components));
  if (usable.migrator !== undefined) requirePlugin(`${base}.migrator`, usable.migrator, "migrator");
  const names = components.map(([name]) => name);
  problems.push(...smokeProblems(`${base}.smoke`, usable.smoke ?? [], names));
  if (usable.analysis !== undefined) problems.push(...analysisProblems(plugins, `${base}.analysis`, usable.analysis, { baseline: false }));
  for (const notifier of usable.notify ?? []) requirePlugin(`${base}.notify`, notifier, "notifier");
  for (const plugin of usable.steps ?? []) requirePlugin(`${base}.steps`, plugin, "steps");
  return problems;
}

/** What steps of a plan are called that belong to no component. */
const reservedNames: readonly string[] = ["preflight", "migrations", "bake", "analysis", "smoke", "freeze", "requires"];

function componentProblems(
  plugins: readonly AnyPlugin[],
  base: string,
  options: EnvironmentOptions,
  components: ReturnType<typeof componentsOf>,
): ConfigurationProblem[] {
  const names = options.components === undefined ? ["web"] : Object.keys(options.components);
  const placed = components.map(([component]) => component);
  const all = components.flatMap(([component, placedComponent]) => {
    const { target, after = [], strategy, traffic, fleet = component } = placedComponent;
    const place = options.components === undefined ? base : `${base}.components.${fleet}`;
    const isReserved = reservedNames.includes(component);
    const strangers = after.filter((other) => !(names.includes(other) || placed.includes(other)) || other === component);
    const isTwice = placed.filter((other) => other === component).length > 1;
    return [
      ...(isReserved
        ? [{ place, problem: "has a name that steps of every plan have.", remedy: `Name it otherwise, e.g. "${component}-worker".` }]
        : []),
      ...(isTwice
        ? [{ place, problem: `is called ${component} in one of its places, and so is another component.`, remedy: "Rename one." }]
        : []),
      ...providerProblems(plugins, { place: `${place}.target`, plugin: target, capability: "target" }),
      ...(traffic === undefined ? [] : providerProblems(plugins, { place: `${place}.traffic`, plugin: traffic, capability: "traffic" })),
      ...(strategy?.kind === "canary" && strategy.analysis !== undefined
        ? analysisProblems(plugins, `${place}.strategy.analysis`, strategy.analysis, { baseline: true })
        : []),
      ...strategyProblems(plugins, place, placedComponent),
      ...strangers.map((other) => ({
        place: `${place}.after`,
        problem: `names "${other}", which is no other component.`,
        remedy: `There are: ${names.join(", ")}.`,
      })),
    ];
  });
  // What is wrong with a fleet is wrong in each of its places.
  return [...new Map(all.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Shares of the traffic are sent by somebody. */
function strategyProblems(
  plugins: readonly AnyPlugin[],
  place: string,
  { target, strategy, traffic = target, fleet }: ReturnType<typeof componentsOf>[number][1],
): ConfigurationProblem[] {
  if (strategy?.kind === "rolling" && fleet === undefined)
    return [
      {
        place: `${place}.strategy`,
        problem: "is rolling, and it runs in one place.",
        remedy: `Name the places, e.g. \`target: ["${target}", "${target}-2"]\`, or use \`direct()\`.`,
      },
    ];
  const needsRouter = strategy?.kind === "canary" || (strategy?.kind === "blueGreen" && strategy.standby !== undefined);
  if (!needsRouter || traffic !== target || plugins.some(({ name, provides }) => name === target && provides.includes("traffic")))
    return [];
  const what = strategy.kind === "canary" ? "is a canary" : "keeps the release before on standby";
  const routers = plugins.filter(({ provides }) => provides.includes("traffic")).map(({ name }) => name);
  const other = strategy.kind === "canary" ? "use `blueGreen()` or `direct()`" : "leave `standby` out";
  return [
    {
      place: `${place}.strategy`,
      problem: `${what}, and "${target}" sends no shares of the traffic.`,
      remedy:
        routers.length === 0
          ? `Add a plugin that provides traffic, or ${other}.`
          : `Name one that does as \`traffic\`: ${routers.join(", ")}.`,
    },
  ];
}

function cycleProblems(base: string, components: ReturnType<typeof componentsOf>): ConfigurationProblem[] {
  const after = new Map(components.map(([name, options]) => [name, options.after ?? []]));
  const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    (after.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, new Set([...seen, next]))));
  const inCycle = [...after.keys()].filter((name) => reaches(name, name, new Set([name])) && !(after.get(name) ?? []).includes(name));
  if (inCycle.length === 0) return [];
  return [{ place: `${base}.components`, problem: `${inCycle.join(" and ")} come after each other.`, remedy: "Remove one `after`." }];
}

async function configProblems({ config }: Configuration, base: string, options: EnvironmentOptions): Promise<ConfigurationProblem[]> {
  return config === undefined ? [] : schemaProblems(`${base}.config`, config, options.config ?? {});
}

async function schemaProblems(place: string, schema: StandardSchema, value: unknown): Promise<ConfigurationProblem[]> {
  const { validate, vendor } = schema["~standard"];
  const { issues } = await validate(value);
  return (issues ?? []).map((issue) => problemOfIssue(place, issue, vendor));
}
