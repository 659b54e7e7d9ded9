import { worstOf, type ComponentStatus } from "./component-status.js";
import type { CheckReport, Heartbeat } from "./heartbeat.js";
import type { ComponentFacts } from "./status-events.js";

/** What the processes that are there say of a component together. */
export interface ComponentReport {
  readonly status: ComponentStatus;
  /** Whether any of them speaks for it. */
  readonly known: boolean;
  /** Milliseconds that its slowest check took, as a mean of the processes; `null` where none says. */
  readonly latency: number | null;
}

/** How the processes' word on a component is made: down if more than half of those that speak for it say so, degraded if any does. Only beats that are fresh are to be given. */
export function reportOf({ checks }: Pick<ComponentFacts, "checks">, beats: readonly Heartbeat[]): ComponentReport {
  const spoken = beats.map((one) => checks.flatMap((check) => knownReport(one, check))).filter((reports) => reports.length > 0);
  if (spoken.length === 0) return { status: "operational", known: false, latency: null };
  const statuses = spoken.map((reports) => worstOf(reports.map(statusOf)));
  const latencies = spoken.flatMap((reports) => slowestOf(reports) ?? []);
  return {
    status: together(statuses),
    known: true,
    latency: latencies.length === 0 ? null : Math.round(latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length),
  };
}

/** A process that starts knows nothing yet; one that runs knows of each check, also that it gives no answer. */
function knownReport({ checks }: Heartbeat, name: string): readonly CheckReport[] {
  const report = Object.hasOwn(checks, name) ? checks[name] : undefined;
  return report?.known === true ? [report] : [];
}

/** What is not critical takes a part of the component down, and no more. */
function statusOf({ status, critical }: CheckReport): ComponentStatus {
  if (status === "up") return "operational";
  if (status === "degraded") return "degraded_performance";
  return critical ? "major_outage" : "partial_outage";
}

function together(statuses: readonly ComponentStatus[]): ComponentStatus {
  const major = statuses.filter((status) => status === "major_outage").length;
  const outage = major + statuses.filter((status) => status === "partial_outage").length;
  if (2 * major > statuses.length) return "major_outage";
  if (2 * outage > statuses.length) return "partial_outage";
  return statuses.some((status) => status !== "operational") ? "degraded_performance" : "operational";
}

function slowestOf(reports: readonly CheckReport[]): number | undefined {
  const latencies = reports.flatMap(({ latency }) => latency ?? []);
  return latencies.length === 0 ? undefined : Math.max(...latencies);
}
