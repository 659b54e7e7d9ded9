import type { MigrationPlan } from "../contract/migrator.js";
import type { CommitsBetween, PlanApproval, PlanComponent, PlanStep } from "../contract/plan.js";
import type { RequirementSpec } from "./requirement-step.js";
import type { SmokeSpec } from "./smoke-step.js";
import type { AnalysisSpec } from "./analysis-step.js";
import type { Candidate, Release } from "../contract/release.js";
import type { TrafficAbilities } from "../contract/traffic.js";
import type { StrategySpec } from "../strategies/spec.js";

/** A component as a plan is made for it. */
export interface RequestedComponent extends PlanComponent {
  /** Components that are promoted before it. */
  readonly after: readonly string[];
  readonly strategy: StrategySpec;
  /** The component that it is of, where that runs in several places. */
  readonly fleet?: string;
  /** What its router can do, where it has one. */
  readonly abilities?: TrafficAbilities;
  /** Most its promote takes, in milliseconds. */
  readonly promoteTimeout: number;
  /** Whether the target can remove candidates. */
  readonly discards: boolean;
  /** Candidates beyond the retention, removed at the end. */
  readonly expired: readonly Candidate[];
  readonly variables: Readonly<Record<string, string>>;
  /** Nothing asks whether a release of it is well. */
  readonly unasked?: true;
}

/** An own step of a plugin, and where in its stage it belongs. */
export interface OwnStep {
  readonly step: PlanStep;
  readonly order: "first" | "last";
}

/** Everything a plan is made of: the configuration of an environment, and the facts that were read. Data only. */
export interface PlanRequest {
  readonly application: string;
  readonly environment: string;
  readonly release: Release;
  readonly previousRelease: Release | undefined;
  /** What git says about the way from that one to this one. */
  readonly commits?: CommitsBetween | undefined;
  readonly components: readonly RequestedComponent[];
  readonly migrator: { readonly plugin: string; readonly description: string; readonly plan: MigrationPlan } | undefined;
  /** Own steps of plugins, each at the beginning or the end of its stage, in this order. */
  readonly ownSteps: readonly OwnStep[];
  /** All in milliseconds. */
  readonly times: {
    readonly prepare: number;
    readonly migrate: number;
    readonly verify: number;
    readonly bake: number;
    /** How long a check may fail behind the end of the bake until it is known what that means. */
    readonly bakeDecides: number;
    readonly settle: number;
  };
  /** People who have to agree, before anything is done or before the promote. */
  readonly approval: (PlanApproval & { readonly before: "start" | "promote" }) | undefined;
  /** What other applications have to serve. */
  readonly requirements: readonly RequirementSpec[];
  /** Whether a freeze holds what has begun before it gets traffic. */
  readonly freezeHolds: "start" | "promote";
  /** Tests from outside. */
  readonly smoke: readonly SmokeSpec[];
  /** What judges the release while it serves. */
  readonly analysis: AnalysisSpec | undefined;
  /** When migrations of phase `contract` run. */
  readonly contract: "next" | "after-bake";
  /** `disposable`: data here may be lost, so nothing about the schema stops a rollback. */
  readonly schema: "protected" | "disposable";
  /** For people, from the targets: what to know about the sources. */
  readonly notes: readonly string[];
}

/** What a plan pins of its components. */
export function planComponents(components: readonly RequestedComponent[]): readonly PlanComponent[] {
  return components.map(({ name, role, target, traffic, previous }) => ({
    name,
    role,
    target,
    ...(traffic === undefined ? {} : { traffic }),
    ...(previous === undefined ? {} : { previous }),
  }));
}
