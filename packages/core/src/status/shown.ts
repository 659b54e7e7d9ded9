import type { StatusBook } from "./book.js";
import { worstOf, type ComponentStatus } from "./component-status.js";
import { liveStatusOf } from "./decide.js";
import { isOpen } from "./incident.js";
import { statusOf } from "./maintenance.js";
import type { ComponentFacts } from "./status-events.js";

/**
 * How a component is: the worst of what health finds, what people and alerts say, and maintenance that goes on. What is announced is better than what is found, so that maintenance never hides an outage. `now` in
 * epoch milliseconds.
 */
export function shownStatus(book: StatusBook, { name, checks }: Pick<ComponentFacts, "name" | "checks">, now: number): ComponentStatus {
  const found = checks.length === 0 ? "operational" : liveStatusOf(book.live[name]);
  const said = book.incidents
    .filter((incident) => incident.origin !== "health" && isOpen(incident))
    .map(({ components }) => components[name]);
  const isMaintained = book.maintenances.some(
    (maintenance) => maintenance.components.includes(name) && statusOf(maintenance, now) === "in_progress",
  );
  return worstOf([found, ...said.flatMap((status) => status ?? []), ...(isMaintained ? (["under_maintenance"] as const) : [])]);
}

/** Whether something is known of a component: what has no check is what people say it is. */
export function isKnown({ live }: StatusBook, { name, checks }: Pick<ComponentFacts, "name" | "checks">): boolean {
  return checks.length === 0 || live[name]?.known === true;
}
