import type { CheckState, HealthSnapshot, HealthStatus } from "../health/index.js";
import type { JsonObject } from "../json/json.js";

/** What a health endpoint says of one check. */
export interface ServiceAnswer {
  readonly status: "up" | "degraded" | "down";
  /** Of the last run, in milliseconds; `null` before it. */
  readonly latency: number | null;
  /** When the last run ended, ISO 8601; `null` before it. */
  readonly lastCheck: string | null;
  /** A code: why it is not up. */
  readonly reason?: string;
  /** Whether it makes the whole unhealthy. This and what follows is only for authorised eyes. */
  readonly critical?: boolean;
  /** Why it is not up, in full. */
  readonly message?: string;
  readonly hint?: string;
  /** What the last run told. */
  readonly data?: JsonObject;
  /** Present if a run has outlived its time and has not ended. */
  readonly overdue?: true;
}

/** The body of `/ready`, `/live` and `/startup`. */
export interface ProbeAnswer {
  readonly status: HealthStatus;
  /** When this was found out, ISO 8601. */
  readonly timestamp: string;
  /** The release that answers. */
  readonly release?: string;
  /** `draining`, where it is not ready because it is about to end; `starting`, where it was never ready. */
  readonly reason?: string;
}

/** The body of the health endpoint, and of a group. */
export interface HealthAnswer extends ProbeAnswer {
  readonly services: Readonly<Record<string, ServiceAnswer>>;
}

/** The body of one check. */
export interface CheckAnswer extends ServiceAnswer {
  /** When this was found out, ISO 8601. */
  readonly timestamp: string;
  /** The release that answers. */
  readonly release?: string;
}

/** What of a snapshot is answered. */
export interface Asked {
  readonly status: HealthStatus;
  readonly checks: readonly CheckState[];
}

type Stamp = Pick<HealthSnapshot, "timestamp" | "release">;

/** When, and by which release. */
function stampOf({ timestamp, release }: Stamp): { readonly timestamp: string; readonly release?: string } {
  return { timestamp, ...(release === null ? {} : { release }) };
}

export function healthAnswer(snapshot: Stamp, { status, checks }: Asked, details: boolean): HealthAnswer {
  const services = Object.fromEntries(checks.map((check) => [check.name, serviceOf(check, details)]));
  return { status, ...stampOf(snapshot), services };
}

export function checkAnswer(snapshot: Stamp, check: CheckState, details: boolean): CheckAnswer {
  return { ...serviceOf(check, details), ...stampOf(snapshot) };
}

export function readyAnswer(snapshot: HealthSnapshot, { status }: Asked = snapshot): ProbeAnswer {
  const draining = { status: "unhealthy", ...stampOf(snapshot), reason: "draining" } as const;
  return snapshot.draining ? draining : { status, ...stampOf(snapshot) };
}

export function liveAnswer(snapshot: HealthSnapshot): ProbeAnswer {
  return { status: snapshot.live ? "healthy" : "unhealthy", ...stampOf(snapshot) };
}

export function startupAnswer(snapshot: HealthSnapshot): ProbeAnswer {
  if (snapshot.started) return { status: "healthy", ...stampOf(snapshot) };
  return { status: "unhealthy", ...stampOf(snapshot), reason: "starting" };
}

/** Without details nothing that is only for authorised eyes. */
function serviceOf(check: CheckState, details: boolean): ServiceAnswer {
  const { status, latency, lastCheck, reason } = check;
  return { status, latency, lastCheck, ...(reason === null ? {} : { reason }), ...(details ? detailsOf(check) : {}) };
}

function detailsOf({ critical, message, hint, data, overdue }: CheckState): Partial<ServiceAnswer> {
  return {
    critical,
    ...(message === null ? {} : { message }),
    ...(hint === null ? {} : { hint }),
    ...(data === null ? {} : { data }),
    ...(overdue ? { overdue: true } : {}),
  };
}
