import type { RollbackCause } from "../contract/deployment-events.js";
import type { DeploymentKind } from "../contract/plan.js";
import type { Phase } from "../machine/index.js";

/** What statistics need to know of a deployment: a part of its line in the history. */
export interface PastDeployment {
  readonly environment: string;
  readonly kind: DeploymentKind;
  readonly phase: Phase;
  readonly outcome: string | null;
  readonly release: string;
  /** Id of the release that it was to replace. */
  readonly previousRelease: string | null;
  /** Why it was taken back, if it was. */
  readonly cause: RollbackCause | null;
  /** Whether it had begun to move what serves. */
  readonly exposed: boolean;
  /** How long it waited altogether, in milliseconds. */
  readonly waited: number;
  /** How long it took until what served before served again, in milliseconds. */
  readonly restoredIn: number | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** Of several lengths of time, in milliseconds. `null` where there was none. */
export interface Spread {
  readonly count: number;
  readonly median: number | null;
  /** Nine of ten took no longer. */
  readonly p90: number | null;
}

/** What the deployments of an environment in a period come to. Shares are between 0 and 1, and `null` where nothing counts. */
export interface EnvironmentStatistics {
  readonly environment: string;
  /** All that were asked for, also those that never began. */
  readonly deployments: number;
  /** Releases that were deployed and stayed until the deployment's end. */
  readonly succeeded: number;
  /** Failed, taken back because something failed, or given up. */
  readonly failed: number;
  /** Stopped by a person after they had begun. */
  readonly stopped: number;
  /** Rollbacks to an earlier release that people asked for. */
  readonly rollbacks: number;
  /** Deployments that waited only: superseded, rejected, expired, cancelled, or with nothing to do. Neither a success nor a failure. */
  readonly neverBegan: number;
  /** Still under way, waiting or in need of attention. */
  readonly open: number;
  /** `succeeded` of `succeeded` and `failed`. */
  readonly successRate: number | null;
  /** Of those that succeeded, without what they waited for. */
  readonly duration: Spread;
  /** Of those that succeeded: what they waited for people, their turn, a freeze or the end of a pause. */
  readonly waiting: Spread;
  /** From the verdict, or the wish of a person, until what served before served again. */
  readonly timeToRollback: Spread;
  /** Of the deployments that had begun to move what serves, those after which that had to be put right: taken back, given up, or rolled back later. */
  readonly changeFailureRate: number | null;
  /** Successful ones. */
  readonly perWeek: number;
}

const week = 7 * 86_400_000;

/** Statistics per environment, in the order of their names. Pure. `period` is in milliseconds. */
export function statisticsOf(deployments: readonly PastDeployment[], period: number): readonly EnvironmentStatistics[] {
  const byEnvironment = Map.groupBy(deployments, ({ environment }) => environment);
  return [...byEnvironment]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([environment, those]) => statisticsOfOne(environment, those, period));
}

type Fate = "succeeded" | "failed" | "stopped" | "rollback" | "never-began" | "open" | "other";

function fateOf({ kind, phase, outcome, cause, endedAt }: PastDeployment): Fate {
  if (endedAt === null) return "open";
  if (kind !== "deploy") return kind === "rollback" && phase === "succeeded" ? "rollback" : "other";
  if (phase === "succeeded") return outcome === "unchanged" ? "never-began" : "succeeded";
  if (phase === "rolled_back") return cause === "abort" ? "stopped" : "failed";
  return phase === "failed" || phase === "abandoned" ? "failed" : "never-began";
}

function statisticsOfOne(environment: string, deployments: readonly PastDeployment[], period: number): EnvironmentStatistics {
  const byFate = Map.groupBy(deployments, fateOf);
  const of = (fate: Fate): readonly PastDeployment[] => byFate.get(fate) ?? [];
  const succeeded = of("succeeded");
  const [good, bad] = [succeeded.length, of("failed").length];
  return {
    environment,
    deployments: deployments.length,
    succeeded: good,
    failed: bad,
    stopped: of("stopped").length,
    rollbacks: of("rollback").length,
    neverBegan: of("never-began").length,
    open: of("open").length,
    successRate: shareOf(good, good + bad),
    duration: spreadOf(succeeded.map((one) => lengthOf(one) - one.waited)),
    waiting: spreadOf(succeeded.map(({ waited }) => waited)),
    timeToRollback: spreadOf(deployments.flatMap(({ restoredIn }) => (restoredIn === null ? [] : [restoredIn]))),
    changeFailureRate: changeFailureRateOf(deployments),
    perWeek: good / (period / week),
  };
}

function changeFailureRateOf(deployments: readonly PastDeployment[]): number | null {
  const changes = deployments.filter((one) => one.kind === "deploy" && one.exposed && one.endedAt !== null);
  const replaced = new Set(deployments.flatMap((one) => (fateOf(one) === "rollback" ? [one.previousRelease] : [])));
  const failed = changes.filter((one) => fateOf(one) !== "succeeded" || replaced.has(one.release));
  return shareOf(failed.length, changes.length);
}

function lengthOf({ createdAt, endedAt }: PastDeployment): number {
  return endedAt === null ? 0 : Date.parse(endedAt) - Date.parse(createdAt);
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** By the nearest rank: each answer is a length that there was. */
export function spreadOf(lengths: readonly number[]): Spread {
  const sorted = lengths.toSorted((one, other) => one - other);
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, median: at(0.5), p90: at(0.9) };
}
