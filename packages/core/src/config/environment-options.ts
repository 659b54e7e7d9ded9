import type { ApplicationCheck, CandidateCheck } from "../contract/check.js";
import type { AnyPlugin, CapabilityName } from "../contract/plugin.js";
import type { Strategy } from "./strategy.js";
import type { Duration } from "../time/duration.js";
import type { AnalysisOptions } from "./analysis-options.js";
import type { RequirementOptions } from "./requirement-options.js";
import type { SmokeTest } from "./smoke-options.js";
import type { Source } from "./source.js";

/** Names of the plugins in a list that provide a capability. */
export type ProviderOf<Plugins extends readonly AnyPlugin[], Capability extends CapabilityName> = {
  [Index in keyof Plugins]: Capability extends Plugins[Index]["provides"][number] ? Plugins[Index]["name"] : never;
}[number];

/** What an environment is, which decides what it may do. */
export type EnvironmentKind = "development" | "preview" | "staging" | "production";

export interface ComponentOptions<Target extends string = string, Component extends string = string, Traffic extends string = never> {
  /**
   * Name of the plugin where it runs. Of several it runs in all, each a component of its own in the plan: `worker` at `["docker-eu", "docker-us"]` becomes `worker-docker-eu` and `worker-docker-us`.
   */
  readonly target: Target | readonly Target[];
  /** Default `web`. */
  readonly role?: "web" | "worker";
  /** What it is made from; `deploy` may say otherwise. */
  readonly source?: Source;
  /** Components that are promoted before it. */
  readonly after?: readonly Component[];
  /** Values handed to what runs. No secrets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How traffic moves to a new release. Default `direct()`. */
  readonly strategy?: Strategy;
  /** Name of the plugin that sends shares of its traffic. Default: its target, where that does. */
  readonly traffic?: Traffic;
}

export interface VerifyOptions {
  /** Most the candidates may take to be well. Default `60s`. */
  readonly within?: Duration;
  /** How often each check must be up in a row. Default 2. */
  readonly successes?: number;
  /** Besides those of the plugins. */
  readonly checks?: readonly CandidateCheck[];
}

export interface BakeOptions {
  /** How long the release is watched while it serves. */
  readonly for: Duration;
  /** Between two rounds of checks. Default `1s`. */
  readonly every?: Duration;
  /** Failures in a row of a critical check that take the release back. Default 3. */
  readonly failures?: number;
  /** For how long it must have failed in a row besides. Default `0s`. */
  readonly failingFor?: Duration;
}

export interface ApprovalOptions {
  /** Before anything is done, or before the verified candidates are promoted. Default `start`: the environment stays free meanwhile. */
  readonly before?: "start" | "promote";
  /** How many people have to agree. Default 1. */
  readonly required?: number;
  /** How long their word is waited for before the deployment expires, or where something has been done is taken back. Default `24h`. */
  readonly expiresAfter?: Duration;
}

export interface FreezeOptions {
  /** ISO 8601 with its offset, e.g. `2026-12-23T17:00:00+01:00`. */
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly reason: string;
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** A time in which no deployment begins, again and again, as the clocks of a time zone show it: an hour that they show twice belongs to it both times. */
export interface RecurringFreezeOptions {
  readonly every: "week" | "day";
  /** On which days of the week it begins. Default: on all. */
  readonly days?: readonly Weekday[];
  /** E.g. `16:00`. Default `00:00`. */
  readonly from?: string;
  /** Not included; of the next day where it is not behind `from`. Default `24:00`. */
  readonly to?: string;
  /** E.g. `Europe/Berlin`. */
  readonly zone: string;
  readonly reason: string;
}

export interface RollbackOptions {
  /** A release that has served within this time, by when it last did. Default: however long ago. */
  readonly within?: Duration;
  /** How many releases back, counted from the one before that which serves. Default: `retain`. */
  readonly releases?: number;
}

export interface PruneOptions {
  /** How long ago a deployment has to have ended. */
  readonly olderThan: Duration;
  /** How many of the newest deployments stay, however old. Default 50. */
  readonly keep?: number;
}

/**
 * What becomes of a deployment that finds another one under way. `reject`: it is refused. `queue`: it waits for its turn. `supersede`: it waits, in place of those that wait already.
 * `preempt`: it waits, and what is under way is asked to stop if nothing of it serves yet.
 */
export type QueuePolicy = "reject" | "queue" | "supersede" | "preempt";

export interface EnvironmentOptions<
  Plugins extends readonly AnyPlugin[] = readonly AnyPlugin[],
  Components = Readonly<Record<string, unknown>>,
  Config = unknown,
> {
  /** Default: from the name (`development`, `preview…`, `staging…`, `production…`), else `staging`. */
  readonly kind?: EnvironmentKind;
  /** An environment per instance: `preview` as a template gives `preview/pr-12` and any other. */
  readonly template?: boolean;
  /** Short for one component `web` with this target. */
  readonly target?: ProviderOf<Plugins, "target">;
  /** Of the one component that `target` stands for. */
  readonly source?: Source;
  /** Of the one component that `target` stands for. Default `direct()`. */
  readonly strategy?: Strategy;
  readonly components?: {
    readonly [Name in keyof Components]: ComponentOptions<
      ProviderOf<Plugins, "target">,
      keyof Components & string,
      ProviderOf<Plugins, "traffic">
    >;
  };
  /** Name of the plugin that migrates the database. */
  readonly migrator?: ProviderOf<Plugins, "migrator">;
  readonly verify?: VerifyOptions;
  /** Default: none. */
  readonly bake?: Duration | BakeOptions;
  /** What other applications have to serve before a deployment begins. A rollback never waits for it. */
  readonly requires?: readonly RequirementOptions[];
  /** Tests of the release from outside, before or while it serves. */
  readonly smoke?: readonly SmokeTest[];
  /** Judges the release by its metrics while it serves, beside the bake. Default: none. */
  readonly analysis?: AnalysisOptions<ProviderOf<Plugins, "metrics">>;
  /** Questions about the application, asked in the bake and by `health`, besides those of the plugins. */
  readonly checks?: readonly ApplicationCheck[];
  /** Names of the notifiers that are told. Default: all. */
  readonly notify?: readonly ProviderOf<Plugins, "notifier">[];
  /** Names of the plugins whose own steps are part of its deployments. Default: all. */
  readonly steps?: readonly ProviderOf<Plugins, "steps">[];
  /** `disposable`: the data may be lost, so nothing about the schema stops a rollback. Default: `disposable` for development and preview, else `protected`. */
  readonly schema?: "protected" | "disposable";
  /** When migrations of phase `contract` run: with the next deployment (default) or after this one's bake. */
  readonly contract?: "next" | "after-bake";
  /** People who have to agree before a deployment begins. Default: nobody has to. A rollback never waits for them. */
  readonly approvals?: ApprovalOptions;
  /** Default `reject`. */
  readonly queue?: QueuePolicy;
  /** Times in which no deployment begins; a rollback always may. */
  readonly freezes?: readonly (FreezeOptions | RecurringFreezeOptions)[];
  /**
   * Whether a freeze, configured or by `freeze`, also holds what has begun when it comes: `promote` keeps a verified candidate from its traffic until it is over. Default `start`: what has begun goes on. Nothing holds the way
   * back.
   */
  readonly freezeHolds?: "start" | "promote";
  /** Releases kept for a rollback. Default 5. */
  readonly retain?: number;
  /** How far a rollback may go back. Default: to the releases that `retain` keeps. */
  readonly rollback?: RollbackOptions;
  /**
   * Which journals of ended deployments are removed whenever a deployment of this environment ends, and by `prune`. Never one that says how what serves came to serve, what a rollback may put back, or why the
   * environment is pinned. Default: none.
   */
  readonly prune?: PruneOptions;
  /** Whether a working tree that differs from its commit may be deployed. Default: not to production. */
  readonly allowDirty?: boolean;
  /** Most a step may take. Defaults: prepare `10m`, migrate `10m`. `settle`: how long an effect may still land after its call ended; default `2s`. */
  readonly timeouts?: { readonly prepare?: Duration; readonly migrate?: Duration; readonly settle?: Duration };
  /** Checked against the deployer's `config` schema. */
  readonly config?: Config;
}
