import { formatMilliseconds } from "../time/duration.js";
import { worstOf, type ComponentStatus } from "./component-status.js";
import type { AffectedComponents, ComponentFacts } from "./status-events.js";

/** The statuses of components for people. */
export const statusWords: Readonly<Record<ComponentStatus, string>> = Object.freeze({
  operational: "Operational",
  under_maintenance: "Under maintenance",
  degraded_performance: "Degraded performance",
  partial_outage: "Partial outage",
  major_outage: "Major outage",
});

/** `Website and Checkout: major outage`: those that it is worst for. */
export function titleFor(facts: readonly ComponentFacts[], components: AffectedComponents): string {
  const worst = worstOf(facts.map(({ name }) => components[name] ?? "operational"));
  const worstOnes = facts.filter(({ name }) => components[name] === worst);
  const named = worstOnes.length > 3 ? `${worstOnes.length} components` : listed(worstOnes.map(({ title }) => title));
  return `${named}: ${statusWords[worst].toLowerCase()}`;
}

export function openedBody(facts: readonly ComponentFacts[], components: AffectedComponents, note: string | null): string {
  return `Our checks have found this: ${statusesOf(facts, components)}. We are looking into it.${note === null ? "" : ` ${note}`}`;
}

export function worseBody(facts: readonly ComponentFacts[], components: AffectedComponents): string {
  return `Our checks find this now: ${statusesOf(facts, components)}.`;
}

export function recoveredBody(): string {
  return "Our checks find everything working again. We keep watching.";
}

/** `steady`: for how long all has been well, in milliseconds. */
export function resolvedBody(steady: number): string {
  return `Everything has worked without a break for ${formatMilliseconds(steady)}.`;
}

function statusesOf(facts: readonly ComponentFacts[], components: AffectedComponents): string {
  return facts.map(({ name, title }) => `${title} – ${statusWords[components[name] ?? "operational"].toLowerCase()}`).join(", ");
}

/** `A, B and C`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
