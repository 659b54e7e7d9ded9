import { fail, type Candidate, type ComponentReference } from "@fairlead/core";
import { fakeErrors } from "./fake-errors.js";
import { chooseSide, type FakeShift } from "./fake-shift.js";

/** Something that a fake target or a fake router changed, in order. */
export interface FakeEffect {
  readonly kind: "candidate.made" | "candidate.removed" | "traffic.moved" | "shift.opened" | "share.set" | "shift.closed";
  readonly component: string;
  /** Id of the candidate. */
  readonly candidate: string;
  /** Its release; empty where the candidate is gone. */
  readonly release: string;
  /** What served before a move, or what a shift leads away from. */
  readonly from?: string;
  /** The percentage that the candidate of a shift got. */
  readonly share?: number;
}

/** What a fake target or a fake router is made to do wrong, once unless `every`. `-after`: it acts, and nobody hears of it. */
export interface FakeFault {
  readonly method:
    | "prepare"
    | "observe"
    | "promote"
    | "current"
    | "discard"
    | "retained"
    | "open"
    | "setWeights"
    | "getWeights"
    | "counts"
    | "drain"
    | "close";
  readonly kind: "reject" | "reject-after" | "hang" | "hang-after";
  /** What it rejects with. Default: `FAKE_TARGET_FAILED` or `FAKE_TRAFFIC_FAILED`, which are retryable. */
  readonly error?: Error;
  readonly every?: true;
}

/** A request that is being answered. */
export interface FakeRequest {
  /** Id of the candidate that answers. */
  readonly candidate: string;
  readonly release: string;
  /** The answer is given, or with `failed` an error. Until then the request is in flight. */
  readonly end: (outcome?: { readonly failed?: boolean }) => void;
}

/** The pretended place that fake targets deploy to and fake routers send requests to. Several of them on one provider are like several processes. */
export interface FakeProvider {
  /** Everything that was changed since it was made. */
  readonly effects: readonly FakeEffect[];
  /** Ids of the releases that serve or run as this component: what was promoted, whatever shares a shift sends. */
  serving(component: ComponentReference): readonly string[];
  /**
   * Begins a request and says who answers it: by the shares of the shift that is open, the same order every time, else what was promoted. A session stays with its candidate while that has a share.
   * Nothing where nobody answers.
   */
  request(component: ComponentReference, options?: { readonly session?: string }): FakeRequest | undefined;
  /** Sends a request and says the id of the candidate that answered it, with `failed` by an error; nothing where nobody did. */
  ask(component: ComponentReference, options?: { readonly session?: string; readonly failed?: boolean }): string | undefined;
  /** How many candidates of this component exist. */
  candidates(component: ComponentReference): number;
  /** Lets the next matching call go wrong. */
  fault(fault: FakeFault): void;
  /** Removes all faults. */
  clearFaults(): void;
}

/** A candidate as the provider keeps it. */
export interface FakeRecord {
  readonly candidate: Candidate;
  readonly place: string;
  readonly key: string;
  readonly release: string;
  readonly createdAt: number;
  /** When it is ready, on the clock of the target that made it. */
  readonly readyAt: number;
  readonly lines: { readonly at: number; readonly text: string }[];
  /** The move by which it began to serve for the last time; 0: it never did. */
  served: number;
}

/** What fake targets work with; not for tests. */
export interface FakeWorld extends FakeProvider {
  readonly records: Map<string, FakeRecord>;
  readonly servingAt: Map<string, string>;
  readonly shifts: Map<string, FakeShift>;
  /** The ends of the requests that are in flight, by candidate. */
  readonly inFlight: (candidate: string) => readonly Promise<unknown>[];
  /** Requests that were sent to a candidate, and that it failed. */
  readonly counts: Map<string, { requests: number; errors: number }>;
  readonly record: (effect: FakeEffect) => void;
  readonly takeFault: (method: FakeFault["method"]) => FakeFault | undefined;
  readonly nextNumber: () => number;
}

const worlds = new WeakMap<FakeProvider, FakeWorld>();

/** Makes an empty provider. */
export function createFakeProvider(): FakeProvider {
  const effects: FakeEffect[] = [];
  const records = new Map<string, FakeRecord>();
  const servingAt = new Map<string, string>();
  const shifts = new Map<string, FakeShift>();
  const flying = new Map<string, Set<Promise<unknown>>>();
  const counts = new Map<string, { requests: number; errors: number }>();
  let faults: FakeFault[] = [];
  let minted = 0;
  const provider: FakeProvider = {
    get effects() {
      return [...effects];
    },
    serving(component) {
      const record = records.get(servingAt.get(placeOf(component)) ?? "");
      return record === undefined ? [] : [record.release];
    },
    request(component, { session } = {}) {
      const place = placeOf(component);
      const shift = shifts.get(place);
      const candidate = shift === undefined ? servingAt.get(place) : chooseSide(shift, session);
      const record = records.get(candidate ?? "");
      if (record === undefined) return undefined;
      const { id } = record.candidate;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const ends = flying.get(id) ?? new Set();
      flying.set(id, ends.add(promise));
      const count = counts.get(id) ?? { requests: 0, errors: 0 };
      counts.set(id, count);
      count.requests += 1;
      return {
        candidate: id,
        release: record.release,
        end({ failed = false } = {}) {
          if (failed && ends.has(promise)) count.errors += 1;
          ends.delete(promise);
          resolve(undefined);
        },
      };
    },
    ask(component, { failed = false, ...options } = {}) {
      const request = provider.request(component, options);
      request?.end({ failed });
      return request?.candidate;
    },
    candidates: (component) => [...records.values()].filter(({ place }) => place === placeOf(component)).length,
    fault(fault) {
      faults.push(fault);
    },
    clearFaults() {
      faults = [];
    },
  };
  worlds.set(provider, {
    ...provider,
    records,
    servingAt,
    shifts,
    counts,
    inFlight: (candidate) => [...(flying.get(candidate) ?? [])],
    record: (effect) => void effects.push(effect),
    takeFault(method) {
      const fault = faults.find((one) => one.method === method);
      if (fault !== undefined && fault.every !== true) faults = faults.filter((one) => one !== fault);
      return fault;
    },
    nextNumber: () => (minted += 1),
  });
  return Object.freeze(provider);
}

/** What lies behind a provider that was made here. */
export function requireWorld(provider: FakeProvider): FakeWorld {
  const world = worlds.get(provider);
  if (world === undefined) throw fail(fakeErrors, "FAKE_PROVIDER_FOREIGN", {});
  return world;
}

/** A component's place at the provider. */
export function placeOf({ application, environment, component }: ComponentReference): string {
  return `${application}/${environment}/${component}`;
}
