import type { ComponentStatus, Impact } from "./component-status.js";
import type { AffectedComponents, IncidentOrigin, IncidentStatus } from "./status-events.js";

/** One thing that was said about an incident or a maintenance. */
export interface StatusUpdate<Status extends string> {
  readonly id: string;
  readonly status: Status;
  readonly body: string;
  /** ISO 8601. */
  readonly at: string;
  /** Components that it changed something for. */
  readonly affected: readonly { readonly component: string; readonly from: ComponentStatus; readonly to: ComponentStatus }[];
}

/** Something that went wrong. Times are ISO 8601. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly status: IncidentStatus;
  readonly impact: Impact;
  readonly origin: IncidentOrigin;
  readonly key: string | null;
  readonly components: AffectedComponents;
  readonly startedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly monitoringAt: string | null;
  readonly resolvedAt: string | null;
  /** The newest first. */
  readonly updates: readonly StatusUpdate<IncidentStatus>[];
}

export function isOpen({ status }: Pick<Incident, "status">): boolean {
  return status !== "resolved" && status !== "postmortem";
}

/** What an update changes, by component: from what the incident said to what it says. */
export function changesOf(before: AffectedComponents, after: AffectedComponents): StatusUpdate<string>["affected"] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((component) => {
    const [from, to] = [before[component] ?? "operational", after[component] ?? "operational"];
    return from === to ? [] : [{ component, from, to }];
  });
}
