import type { CheckState, HealthSnapshot, HealthStatus } from "../health/index.js";
import { jsonReply, type HttpReply } from "./exchange.js";

/** What a health endpoint says of one check. Nothing that is only for authorised eyes. */
export interface ServiceAnswer {
  readonly status: "up" | "degraded" | "down";
  /** Of the last run, in milliseconds; `null` before it. */
  readonly latency: number | null;
  /** When the last run ended, ISO 8601; `null` before it. */
  readonly lastCheck: string | null;
  /** A code: why it is not up. */
  readonly reason?: string;
}

/** The body of `/ready` and `/live`. */
export interface ProbeAnswer {
  readonly status: HealthStatus;
  /** When this was found out, ISO 8601. */
  readonly timestamp: string;
  /** The release that answers. */
  readonly release?: string;
}

/** The body of the health endpoint. */
export interface HealthAnswer extends ProbeAnswer {
  readonly services: Readonly<Record<string, ServiceAnswer>>;
}

/** The answers that one snapshot gives. 503 for `unhealthy`; `degraded` serves, so it is 200: a balancer would take capacity away from what struggles. */
export function healthAnswers(snapshot: HealthSnapshot): {
  readonly health: HttpReply;
  readonly ready: HttpReply;
  readonly live: HttpReply;
} {
  const { status, timestamp, release, ready, live, checks } = snapshot;
  const probe: ProbeAnswer = { status, timestamp, ...(release === null ? {} : { release }) };
  return {
    health: reply({ ...probe, services: Object.fromEntries(checks.map((check) => [check.name, serviceOf(check)])) }),
    ready: reply({ ...probe, status: ready ? status : "unhealthy" }),
    live: reply({ ...probe, status: live ? "healthy" : "unhealthy" }),
  };
}

function serviceOf({ status, latency, lastCheck, reason }: CheckState): ServiceAnswer {
  return { status, latency, lastCheck, ...(reason === null ? {} : { reason }) };
}

function reply(body: ProbeAnswer | HealthAnswer): HttpReply {
  return jsonReply(body.status === "unhealthy" ? 503 : 200, body, { "cache-control": "no-cache" });
}
