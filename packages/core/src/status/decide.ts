import { applied, type LiveState, type StatusBook } from "./book.js";
import { componentStatuses, impactOf, impacts, isTrouble, worstOf, type ComponentStatus } from "./component-status.js";
import type { ComponentReport } from "./fold-heartbeats.js";
import { isOpen, type Incident } from "./incident.js";
import type { AffectedComponents, ComponentFacts, StatusDraft } from "./status-events.js";
import { statusId } from "./status-id.js";
import { openedBody, recoveredBody, resolvedBody, titleFor, worseBody } from "./wording.js";

/** When health opens and resolves incidents. In milliseconds. */
export interface Damping {
  /** How long something has to be wrong without a break. */
  readonly openAfter: number;
  /** How long all has to be well without a break. */
  readonly resolveAfter: number;
}

/** What goes wrong this often within this time is wrong, although it mends itself each time. */
const flapping = { times: 3, within: 15 * 60_000 };
/** What else goes wrong this soon is taken for the same outage. In milliseconds. */
const sameOutage = 10 * 60_000;

export interface Evidence {
  /** What is known of components that have checks, by name. */
  readonly reports: ReadonlyMap<string, ComponentReport>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly damping: Damping;
  /** What an incident that opens now should mention, e.g. a deployment that is under way. */
  readonly note: string | null;
}

/** What health has to say about the page: what has changed, and incidents that begin, go on or end. Pure; saying nothing is the usual answer. */
export function decide(book: StatusBook, evidence: Evidence): readonly StatusDraft[] {
  const at = new Date(evidence.now).toISOString();
  const changes = changesIn(book, evidence.reports);
  const after = changes.reduce((before, draft) => applied(before, draft, at), book);
  const carried = after.incidents.filter((incident) => incident.origin === "health" && isOpen(incident));
  const fresh = after.components.filter(({ name }) => isNews(after, name, evidence));
  const current = carried.find(({ startedAt }) => evidence.now - Date.parse(startedAt) < sameOutage);
  const opened = fresh.length > 0 && current === undefined ? [openFor(after, fresh, evidence)] : [];
  const updates = carried.flatMap((incident) => carryOn(after, incident, incident === current ? fresh : [], evidence));
  return [...changes, ...opened, ...updates];
}

function changesIn(book: StatusBook, reports: Evidence["reports"]): readonly StatusDraft[] {
  return book.components.flatMap(({ name }): readonly StatusDraft[] => {
    const report = reports.get(name);
    if (report === undefined) return [];
    const before = book.live[name];
    // What is not known any more is at least what it was.
    const status = report.known ? report.status : (before?.status ?? "operational");
    if (before?.status === status && before.known === report.known) return [];
    return [{ type: "component.changed", data: { component: name, status, known: report.known } }];
  });
}

/** How a component is by health alone. What nobody speaks for is not well. */
export function liveStatusOf(live: LiveState | undefined): ComponentStatus {
  if (live === undefined) return "degraded_performance";
  return live.known ? live.status : worstOf([live.status, "degraded_performance"]);
}

/** Whether something has been wrong for long enough, and no incident says so. One that a person has resolved since it began says so too. */
function isNews({ live, incidents }: StatusBook, name: string, { now, damping, reports }: Evidence): boolean {
  const state = live[name];
  if (state === undefined || !reports.has(name) || !isTrouble(liveStatusOf(state))) return false;
  const often = state.troubles.filter((moment) => now - moment < flapping.within).length >= flapping.times;
  if (!often && now - state.since < damping.openAfter) return false;
  return !incidents.some(
    (incident) =>
      incident.origin === "health" &&
      name in incident.components &&
      (isOpen(incident) || Date.parse(incident.resolvedAt ?? "") >= state.since),
  );
}

function openFor(book: StatusBook, fresh: readonly ComponentFacts[], { now, note }: Evidence): StatusDraft {
  const components = affected(book, fresh);
  const began = Math.min(...fresh.map(({ name }) => book.live[name]?.since ?? now));
  return {
    type: "incident.opened",
    data: {
      id: statusId("health", book.head.hash, began),
      title: titleFor(fresh, components),
      status: "investigating",
      impact: impactOf(Object.values(components)),
      components,
      body: openedBody(fresh, components, note),
      origin: "health",
      actor: null,
      key: null,
      startedAt: new Date(began).toISOString(),
    },
  };
}

function affected({ live }: StatusBook, components: readonly ComponentFacts[]): AffectedComponents {
  return Object.fromEntries(components.map(({ name }) => [name, liveStatusOf(live[name])]));
}

/** What becomes of an incident that is open: it spreads, gets worse, comes back, gets better, ends, or none of it. */
function carryOn(
  book: StatusBook,
  incident: Incident,
  fresh: readonly ComponentFacts[],
  { now, damping }: Evidence,
): readonly StatusDraft[] {
  // A component that is no longer declared has nothing to say any more.
  const facts = book.components.filter(({ name }) => name in incident.components || fresh.some((one) => one.name === name));
  const isWell = facts.every(({ name }) => !isTrouble(liveStatusOf(book.live[name])));
  const components: AffectedComponents = isWell
    ? Object.fromEntries(Object.keys(incident.components).map((name) => [name, "operational"]))
    : { ...incident.components, ...affected(book, facts) };
  const steady = now - Math.max(...facts.map(({ name }) => book.live[name]?.since ?? now), Date.parse(incident.startedAt));
  const say = (status: Incident["status"], body: string, title = incident.title): readonly StatusDraft[] => {
    const impact = impacts[Math.max(impacts.indexOf(incident.impact), impacts.indexOf(impactOf(Object.values(components))))] ?? "none";
    return [{ type: "incident.updated", data: { id: incident.id, title, status, impact, components, body, actor: null } }];
  };
  if (isWell) {
    if (steady >= damping.resolveAfter) return say("resolved", resolvedBody(steady));
    return steady >= damping.openAfter && incident.status !== "monitoring" ? say("monitoring", recoveredBody()) : [];
  }
  if (incident.status === "monitoring") return say("investigating", worseBody(facts, components));
  const isWorse = facts.some(({ name }) => rank(components[name]) > rank(worstSaid(incident, name)));
  return isWorse ? say(incident.status, worseBody(facts, components), titleFor(facts, components)) : [];
}

function rank(status: ComponentStatus | undefined): number {
  return status === undefined ? -1 : componentStatuses.indexOf(status);
}

/** The worst that an incident has said of a component: what goes to and fro below it is no news. */
function worstSaid({ updates, components }: Incident, name: string): ComponentStatus | undefined {
  if (!(name in components)) return undefined;
  return worstOf(updates.flatMap(({ affected: changes }) => changes.filter(({ component }) => component === name).map(({ to }) => to)));
}
