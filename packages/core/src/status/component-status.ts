/** How a component is, in the words of the Statuspage API. */
export type ComponentStatus = "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage";

/** From the best to the worst. Maintenance that was announced is better than anything that nobody wanted, so it never hides an outage. */
export const componentStatuses: readonly ComponentStatus[] = Object.freeze([
  "operational",
  "under_maintenance",
  "degraded_performance",
  "partial_outage",
  "major_outage",
]);

/** Whether a text, from wherever it comes, is the status of a component. */
export function isComponentStatus(text: string): text is ComponentStatus {
  return (componentStatuses as readonly string[]).includes(text);
}

/** Of none: operational. */
export function worstOf(statuses: Iterable<ComponentStatus>): ComponentStatus {
  let worst = 0;
  for (const status of statuses) worst = Math.max(worst, componentStatuses.indexOf(status));
  return componentStatuses[worst] ?? "operational";
}

/** Whether nobody wanted it to be so. */
export function isTrouble(status: ComponentStatus): boolean {
  return componentStatuses.indexOf(status) > componentStatuses.indexOf("under_maintenance");
}

export type Impact = "none" | "minor" | "major" | "critical";

/** What an incident with these components means for those who use them. */
export function impactOf(statuses: Iterable<ComponentStatus>): Impact {
  const worst = worstOf(statuses);
  if (worst === "major_outage") return "critical";
  if (worst === "partial_outage") return "major";
  return worst === "degraded_performance" ? "minor" : "none";
}

export const impacts: readonly Impact[] = Object.freeze(["none", "minor", "major", "critical"]);
