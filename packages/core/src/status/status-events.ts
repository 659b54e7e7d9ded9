import type { ComponentStatus, Impact } from "./component-status.js";

/** What a page is called and where it is. */
export interface PageFacts {
  readonly name: string;
  /** Absolute; links in documents and feeds begin with it. Never taken from a request. */
  readonly url: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** A component as the page lists it. */
export interface ComponentFacts {
  /** Kebab-case; its id in the documents is made from it. */
  readonly name: string;
  readonly title: string;
  readonly group: string | null;
  readonly description: string | null;
  /** Names of the health checks that speak for it. */
  readonly checks: readonly string[];
}

export type IncidentStatus = "investigating" | "identified" | "monitoring" | "resolved" | "postmortem";

/** What components an incident affects, and how. */
export type AffectedComponents = Readonly<Record<string, ComponentStatus>>;

/** Who opened an incident: health, a person, or an alert of another system. */
export type IncidentOrigin = "health" | "person" | "alert";

/** The events of a status page, by name. What a page says is a fold over them, besides the history of its days. */
export interface StatusEventData {
  /** What is on the page, by whoever leads now. */
  "page.declared": { readonly page: PageFacts; readonly components: readonly ComponentFacts[] };
  /** Health says something else of a component than before. */
  "component.changed": {
    readonly component: string;
    readonly status: ComponentStatus;
    /** Whether any process speaks for it. If none does, nothing is known, which is not well. */
    readonly known: boolean;
  };
  /** Something is wrong, or was said to be: by health, by a person or by an alert. */
  "incident.opened": {
    readonly id: string;
    readonly title: string;
    readonly status: IncidentStatus;
    readonly impact: Impact;
    readonly components: AffectedComponents;
    readonly body: string;
    readonly origin: IncidentOrigin;
    /** Who, where it was a person. */
    readonly actor: string | null;
    /** Of whoever opened it: opening another with the same key while this one is open changes nothing. */
    readonly key: string | null;
    /** When it began, ISO 8601: for health before it was opened. */
    readonly startedAt: string;
  };
  /** Something new is known about an incident, or it is resolved. */
  "incident.updated": {
    readonly id: string;
    readonly title: string;
    readonly status: IncidentStatus;
    readonly impact: Impact;
    readonly components: AffectedComponents;
    readonly body: string;
    readonly actor: string | null;
  };
  /** A maintenance is announced. */
  "maintenance.scheduled": {
    readonly id: string;
    readonly title: string;
    readonly body: string;
    readonly components: readonly string[];
    /** ISO 8601. It begins and ends by itself at these times. */
    readonly from: string;
    readonly until: string;
    readonly actor: string | null;
    readonly key: string | null;
  };
  /** Something new is said about a maintenance, or it has other times. */
  "maintenance.updated": {
    readonly id: string;
    readonly body: string;
    readonly from: string;
    readonly until: string;
    readonly actor: string | null;
  };
  /** It will not take place. */
  "maintenance.cancelled": { readonly id: string; readonly actor: string | null };
}

export type StatusEventType = keyof StatusEventData;

/** An event before it has a time and a place. */
export type StatusDraft = {
  readonly [Type in StatusEventType]: { readonly type: Type; readonly data: StatusEventData[Type] };
}[StatusEventType];
