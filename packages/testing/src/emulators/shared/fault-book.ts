import type { WrittenFault } from "./fault.js";
import { toMatcher } from "./pattern.js";

/** What a fault is matched against. */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  /** The host of a site request; absent for a provider request. */
  readonly host?: string | undefined;
}

/** A fault that was set, and how often it was met. */
export interface SetFault {
  readonly id: string;
  readonly fault: WrittenFault;
  /** Requests that matched since it was set. */
  readonly matched: number;
  /** Requests that it was done to. */
  readonly struck: number;
}

/** The faults that are set. Every fault counts its own matches; of several that strike the same request the one set first wins. */
export interface FaultBook {
  add(fault: WrittenFault): string;
  remove(id?: string): void;
  list(): readonly SetFault[];
  /** The fault to do to this request, if any. Counts the request. */
  take(subject: FaultSubject): WrittenFault | undefined;
}

interface Entry {
  readonly id: string;
  readonly fault: WrittenFault;
  readonly matches: (subject: FaultSubject) => boolean;
  matched: number;
  struck: number;
}

export function createFaultBook(): FaultBook {
  let entries: Entry[] = [];
  let minted = 0;
  return {
    add(fault) {
      minted += 1;
      entries.push({ id: `fault-${String(minted)}`, fault, matches: toSubjectMatcher(fault), matched: 0, struck: 0 });
      return `fault-${String(minted)}`;
    },
    remove(id) {
      entries = id === undefined ? [] : entries.filter((entry) => entry.id !== id);
    },
    list: () => entries.map(({ id, fault, matched, struck }) => ({ id, fault, matched, struck })),
    take(subject) {
      let taken: Entry | undefined;
      for (const entry of entries) {
        if (!entry.matches(subject)) continue;
        entry.matched += 1;
        if (taken === undefined && strikes(entry)) taken = entry;
      }
      if (taken !== undefined) taken.struck += 1;
      return taken?.fault;
    },
  };
}

function strikes({ fault, matched }: Entry): boolean {
  const from = fault.nth ?? 1;
  return fault.every === true ? matched >= from : matched === from;
}

function toSubjectMatcher({ match = {} }: WrittenFault): (subject: FaultSubject) => boolean {
  const { method, operation } = match;
  const path = match.path === undefined ? undefined : toMatcher(match.path);
  const host = match.host === undefined ? undefined : toMatcher(match.host);
  return (subject) => {
    if (host === undefined ? subject.host !== undefined : subject.host === undefined || !host(subject.host)) return false;
    if (method !== undefined && method.toUpperCase() !== subject.method.toUpperCase()) return false;
    if (operation !== undefined && operation !== subject.operation) return false;
    return path === undefined || path(subject.path);
  };
}
