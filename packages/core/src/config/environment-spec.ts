import type { ApplicationCheck, CandidateCheck } from "../contract/check.js";
import { toMilliseconds } from "../time/duration.js";
import type { PlanApproval } from "../contract/plan.js";
import type { AnalysisSpec, RequirementSpec, SmokeSpec } from "../plan/index.js";
import { analysisSpec } from "./analysis-options.js";
import { strategySpec } from "./strategy-spec.js";
import type {
  ApprovalOptions,
  BakeOptions,
  ComponentOptions,
  EnvironmentKind,
  EnvironmentOptions,
  QueuePolicy,
  VerifyOptions,
} from "./environment-options.js";
import { freezeSpec, type FreezeSpec } from "./freezes.js";
import type { StrategySpec } from "../strategies/spec.js";
import { requirementSpec } from "./requirement-options.js";
import { smokeFunctions, smokeSpec, type SmokeFunction } from "./smoke-options.js";
import type { Source } from "./source.js";

export interface ComponentSpec {
  readonly name: string;
  readonly role: "web" | "worker";
  readonly target: string;
  readonly source: Source | undefined;
  readonly after: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly strategy: StrategySpec;
  /** The component that it is of, where that runs in several places. */
  readonly fleet: string | undefined;
  /** `undefined`: its target, where that sends shares. */
  readonly traffic: string | undefined;
}

/** An environment with every default filled in; times in milliseconds. */
export interface EnvironmentSpec {
  /** Of an instance of a template the whole name, e.g. `preview/pr-12`. */
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly components: readonly ComponentSpec[];
  readonly migrator: string | undefined;
  readonly verify: { readonly within: number; readonly successes: number; readonly checks: readonly CandidateCheck[] };
  readonly bake: { readonly for: number; readonly every: number; readonly failures: number; readonly failingFor: number };
  readonly smoke: readonly SmokeSpec[];
  /** By the names of their tests. */
  readonly smokeFunctions: ReadonlyMap<string, SmokeFunction>;
  readonly analysis: AnalysisSpec | undefined;
  readonly checks: readonly ApplicationCheck[];
  /** `undefined`: all. */
  readonly notify: readonly string[] | undefined;
  /** `undefined`: all. */
  readonly steps: readonly string[] | undefined;
  readonly schema: "protected" | "disposable";
  readonly contract: "next" | "after-bake";
  readonly approval: (PlanApproval & { readonly before: "start" | "promote" }) | undefined;
  readonly queue: QueuePolicy;
  readonly requirements: readonly RequirementSpec[];
  readonly freezes: readonly FreezeSpec[];
  readonly freezeHolds: "start" | "promote";
  readonly retain: number;
  /** How far a rollback may go back; `within` in milliseconds, infinity where there is no limit. */
  readonly rollback: { readonly within: number; readonly releases: number };
  /** Which journals are removed; `olderThan` in milliseconds. */
  readonly prune: { readonly olderThan: number; readonly keep: number | undefined } | undefined;
  readonly allowDirty: boolean;
  readonly timeouts: { readonly prepare: number; readonly migrate: number; readonly settle: number };
  readonly config: unknown;
}

/** A component at one place, whatever its plugins are called. */
interface PlacedComponent extends ComponentOptions<string, string, string> {
  readonly target: string;
  /** The component that it is of, where that runs in several places. */
  readonly fleet?: string;
  /** In how many. */
  readonly places?: number;
}

/** What an environment is when its options do not say. */
export function kindOf(name: string, options: EnvironmentOptions): EnvironmentKind {
  if (options.kind !== undefined) return options.kind;
  const kinds: readonly EnvironmentKind[] = ["development", "preview", "staging", "production"];
  return kinds.find((kind) => name === kind || name.startsWith(`${kind}/`) || name.startsWith(`${kind}-`)) ?? "staging";
}

/** The components of an environment: those listed, or the one that `target` stands for; each in every place where it runs. */
export function componentsOf(options: EnvironmentOptions): readonly (readonly [string, PlacedComponent])[] {
  const listed = listedComponents(options);
  const namesOf = (component: string): readonly string[] =>
    listed.filter(([name]) => name === component).flatMap(([name, { target }]) => placesOf(name, target).map((place) => place.name));
  return listed.flatMap(([component, { target, after, ...rest }]) => {
    const behind = after?.flatMap((other) => (namesOf(other).length === 0 ? [other] : namesOf(other)));
    const all = placesOf(component, target);
    return all.map((place): readonly [string, PlacedComponent] => [
      place.name,
      {
        ...rest,
        target: place.target,
        ...(behind === undefined ? {} : { after: behind }),
        ...(typeof target === "string" ? {} : { fleet: component, places: all.length }),
      },
    ]);
  });
}

function listedComponents(options: EnvironmentOptions): readonly (readonly [string, ComponentOptions<string, string, string>])[] {
  if (options.components !== undefined) return Object.entries(options.components);
  const { target, source, strategy } = options;
  if (target === undefined) return [];
  return [["web", { target, ...(source === undefined ? {} : { source }), ...(strategy === undefined ? {} : { strategy }) }]];
}

const defaultRetain = 5;

function placesOf(component: string, target: string | readonly string[]): readonly { readonly name: string; readonly target: string }[] {
  if (typeof target === "string") return [{ name: component, target }];
  return target.map((place) => ({ name: `${component}-${place}`, target: place }));
}

/** Fills in the defaults. The options have been checked. `sources` are the plugins that provide metrics. */
export function environmentSpec(name: string, options: EnvironmentOptions, sources: readonly string[]): EnvironmentSpec {
  const kind = kindOf(name, options);
  return {
    name,
    kind,
    components: componentsOf(options).map(([component, componentOptions]) => componentSpec(component, componentOptions, sources)),
    migrator: options.migrator,
    verify: verifySpec(options.verify),
    bake: bakeSpec(options.bake),
    ...gateSpecs(name, options, sources),
    checks: options.checks ?? [],
    notify: options.notify,
    steps: options.steps,
    schema: options.schema ?? (kind === "development" || kind === "preview" ? "disposable" : "protected"),
    contract: options.contract ?? "next",
    approval: options.approvals && approvalSpec(options.approvals),
    queue: options.queue ?? "reject",
    retain: options.retain ?? defaultRetain,
    rollback: rollbackSpec(options),
    prune: options.prune && { olderThan: toMilliseconds(options.prune.olderThan), keep: options.prune.keep },
    allowDirty: options.allowDirty ?? kind !== "production",
    timeouts: timeoutsSpec(options.timeouts),
    config: options.config,
  };
}

function componentSpec(name: string, options: PlacedComponent, sources: readonly string[]): ComponentSpec {
  const { target, role, source, after, variables, strategy, traffic, fleet, places = 1 } = options;
  return {
    name,
    role: role ?? "web",
    target,
    source,
    after: after ?? [],
    variables: variables ?? {},
    strategy: strategySpec(strategy ?? { kind: "direct" }, { sources, places, router: traffic ?? target }),
    fleet,
    traffic,
  };
}

function gateSpecs(
  name: string,
  options: EnvironmentOptions,
  sources: readonly string[],
): Pick<EnvironmentSpec, "smoke" | "smokeFunctions" | "analysis" | "requirements" | "freezes" | "freezeHolds"> {
  return {
    smoke: (options.smoke ?? []).map((test) =>
      smokeSpec(
        test,
        componentsOf(options).map(([component]) => component),
      ),
    ),
    smokeFunctions: smokeFunctions(options.smoke ?? []),
    analysis: options.analysis && analysisSpec(options.analysis, { sources }),
    requirements: (options.requires ?? []).map((requirement) => requirementSpec(requirement, name)),
    freezes: (options.freezes ?? []).map(freezeSpec),
    freezeHolds: options.freezeHolds ?? "start",
  };
}

function rollbackSpec({ rollback = {}, retain = defaultRetain }: EnvironmentOptions): EnvironmentSpec["rollback"] {
  const { within, releases = retain } = rollback;
  return { within: within === undefined ? Number.POSITIVE_INFINITY : toMilliseconds(within), releases };
}

function verifySpec({ within, successes, checks }: VerifyOptions = {}): EnvironmentSpec["verify"] {
  return { within: toMilliseconds(within ?? "60s"), successes: successes ?? 2, checks: checks ?? [] };
}

function approvalSpec({ before, required, expiresAfter }: ApprovalOptions): EnvironmentSpec["approval"] {
  return { before: before ?? "start", required: required ?? 1, expiresAfter: toMilliseconds(expiresAfter ?? "24h") };
}

function bakeSpec(bake: EnvironmentOptions["bake"] = "0s"): EnvironmentSpec["bake"] {
  const { for: length, every, failures, failingFor }: BakeOptions = typeof bake === "string" ? { for: bake } : bake;
  return {
    for: toMilliseconds(length),
    every: toMilliseconds(every ?? "1s"),
    failures: failures ?? 3,
    failingFor: toMilliseconds(failingFor ?? "0s"),
  };
}

function timeoutsSpec({ prepare, migrate, settle }: NonNullable<EnvironmentOptions["timeouts"]> = {}): EnvironmentSpec["timeouts"] {
  return { prepare: toMilliseconds(prepare ?? "10m"), migrate: toMilliseconds(migrate ?? "10m"), settle: toMilliseconds(settle ?? "2s") };
}
