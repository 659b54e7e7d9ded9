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
  /** Whether to send requests here: no critical check is down or unknown. */
  readonly ready: boolean;
  /** Whether to leave the process alone: no critical liveness check is known to be down. */
  readonly live: boolean;
  readonly checks: readonly CheckState[];
  /** How many runs have outlived their time and have not ended. */
  readonly overdue: number;
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

/** `now` in epoch milliseconds. */
export function toSnapshot(
  subjects: readonly Subject[],
  { version, release, now }: { readonly version: number; readonly release: string | null; readonly now: number },
): HealthSnapshot {
  const checks = subjects.map((subject) => stateOf(subject, now));
  const ready = !checks.some(({ critical, status }) => critical && status === "down");
  const dead = new Set(checks.filter(({ critical, known, status }) => critical && known && status === "down").map(({ name }) => name));
  return Object.freeze<HealthSnapshot>({
    version,
    timestamp: new Date(now).toISOString(),
    release,
    status: ready ? (checks.every(({ status }) => status === "up") ? "healthy" : "degraded") : "unhealthy",
    ready,
    live: !subjects.some(({ name, liveness }) => liveness && dead.has(name)),
    checks: Object.freeze(checks),
    overdue: checks.filter(({ overdue }) => overdue).length,
  });
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
