import type { CheckStatus } from "../contract/check.js";
import type { JsonObject } from "../json/json.js";
import { isStale, type CheckRecord } from "./check-record.js";
import type { CheckRun } from "./run-check.js";

export type HealthStatus = "healthy" | "degraded" | "unhealthy";

/** What is known of one check. */
export interface CheckState {
  readonly name: string;
  readonly critical: boolean;
  /** Of a critical check that is not known `down`, of another `degraded`: what is unknown is not up. */
  readonly status: CheckStatus;
  /** False before enough was seen, and when the last result is so old that it says nothing any more. */
  readonly known: boolean;
  /** A code, safe to publish: why it is not up. `null` when up. */
  readonly reason: string | null;
  /** Why, in full. For authorised eyes only, as are `hint` and `data`. */
  readonly message: string | null;
  readonly hint: string | null;
  /** What the last run told. */
  readonly data: JsonObject | null;
  /** Of the last run, in milliseconds. */
  readonly latency: number | null;
  /** When the last run ended, ISO 8601. */
  readonly lastCheck: string | null;
  /** Whether a run has outlived its time and has not ended. It keeps the check's only place. */
  readonly overdue: boolean;
}

/** What is known at one moment. Frozen, with all that is in it. */
export interface HealthSnapshot {
  /** Grows by one with every snapshot. */
  readonly version: number;
  /** When it was made, ISO 8601. */
  readonly timestamp: string;
  readonly release: string | null;
  /** `unhealthy` if a critical check is down, `degraded` if any check is not up. */
  readonly status: HealthStatus;
  /** Whether to send requests here: no critical check is down or unknown, and it does not drain. */
  readonly ready: boolean;
  /** Whether it has ever been ready: what starts slowly is left in peace until then. */
  readonly started: boolean;
  /** Whether it is about to end: it serves what comes and wants no more. */
  readonly draining: boolean;
  /** Whether to leave the process alone: no critical liveness check is known to be down. */
  readonly live: boolean;
  readonly checks: readonly CheckState[];
  readonly groups: readonly GroupState[];
  /** How many runs have outlived their time and have not ended. */
  readonly overdue: number;
}

/** What is known of some checks together. */
export interface GroupState {
  readonly name: string;
  /** As of the whole, by these checks alone. */
  readonly status: HealthStatus;
  readonly checks: readonly CheckState[];
}

/** What a snapshot says besides what its checks say. */
export interface Given {
  readonly version: number;
  readonly release: string | null;
  /** Whether an earlier snapshot was ready. */
  readonly started: boolean;
  readonly draining: boolean;
  /** Names of checks by the name of their group. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  /** In epoch milliseconds. */
  readonly now: number;
}

/** A check as a snapshot looks at it. */
export interface Subject {
  readonly name: string;
  readonly critical: boolean;
  readonly liveness: boolean;
  /** In milliseconds. */
  readonly validity: number;
  readonly record: CheckRecord;
  readonly overdue: boolean;
}

export function toSnapshot(subjects: readonly Subject[], given: Given): HealthSnapshot {
  const { version, release, draining, now } = given;
  const checks = subjects.map((subject) => stateOf(subject, now));
  const status = statusOf(checks);
  const ready = status !== "unhealthy" && !draining;
  const dead = new Set(checks.filter(({ critical, known, status: is }) => critical && known && is === "down").map(({ name }) => name));
  return Object.freeze<HealthSnapshot>({
    version,
    timestamp: new Date(now).toISOString(),
    release,
    status,
    ready,
    started: given.started || ready,
    draining,
    live: !subjects.some(({ name, liveness }) => liveness && dead.has(name)),
    checks: Object.freeze(checks),
    groups: Object.freeze([...given.groups].map(([name, members]) => groupOf(name, members, checks))),
    overdue: checks.filter(({ overdue }) => overdue).length,
  });
}

/** What checks come to together. */
export function statusOf(checks: readonly CheckState[]): HealthStatus {
  if (checks.some(({ critical, status }) => critical && status === "down")) return "unhealthy";
  return checks.every(({ status }) => status === "up") ? "healthy" : "degraded";
}

function groupOf(name: string, members: ReadonlySet<string>, checks: readonly CheckState[]): GroupState {
  const own = checks.filter((check) => members.has(check.name));
  return Object.freeze<GroupState>({ name, status: statusOf(own), checks: Object.freeze(own) });
}

/** When the first of these results becomes stale, in epoch milliseconds; `Infinity` if none will. */
export function staleAt(subjects: readonly Subject[], now: number): number {
  const moments = subjects.flatMap(({ record, validity }) =>
    record.last === null || isStale(record, validity, now) ? [] : [record.last.at + validity],
  );
  return Math.min(Infinity, ...moments);
}

function stateOf(subject: Subject, now: number): CheckState {
  const { name, critical, overdue, record } = subject;
  const stale = isStale(record, subject.validity, now);
  const judged = stale ? "unknown" : record.judgement.status;
  const status = judged !== "unknown" ? judged : critical ? "down" : "degraded";
  const { reason = null, message = null, hint = null } = status === "up" ? {} : stale ? tooOld : (record.failure ?? neverRun);
  return Object.freeze<CheckState>({
    name,
    critical,
    status,
    known: judged !== "unknown",
    reason,
    message,
    hint,
    overdue,
    ...lastRunOf(record),
  });
}

function lastRunOf({ last }: CheckRecord): Pick<CheckState, "data" | "latency" | "lastCheck"> {
  if (last === null) return { data: null, latency: null, lastCheck: null };
  return { data: frozen(last.run.data ?? null), latency: last.run.latency, lastCheck: new Date(last.at).toISOString() };
}

type Explanation = Pick<CheckRun, "reason" | "message" | "hint">;
const neverRun: Explanation = Object.freeze({ reason: "unknown" });
const tooOld: Explanation = Object.freeze({ reason: "stale" });

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
