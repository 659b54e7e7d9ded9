import type { Candidate, ComponentReference } from "@fairlead/core";

/** Something that a fake target changed, in order. */
export interface FakeEffect {
  readonly kind: "candidate.made" | "candidate.removed" | "traffic.moved";
  readonly component: string;
  /** Id of the candidate. */
  readonly candidate: string;
  readonly release: string;
  /** What served before a move. */
  readonly from?: string;
}

/** What a fake target is made to do wrong, once unless `every`. `-after`: it acts, and nobody hears of it. */
export interface FakeFault {
  readonly method: "prepare" | "observe" | "promote" | "current" | "discard" | "retained";
  readonly kind: "reject" | "reject-after" | "hang" | "hang-after";
  /** What it rejects with. Default: `FAKE_TARGET_FAILED`, which is retryable. */
  readonly error?: Error;
  readonly every?: true;
}

/** The pretended place that fake targets deploy to. Several targets on one provider are like several processes. */
export interface FakeProvider {
  /** Everything that was changed since it was made. */
  readonly effects: readonly FakeEffect[];
  /** Ids of the releases that serve or run as this component. */
  serving(component: ComponentReference): readonly string[];
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

/** What lies behind a provider. */
export function worldOf(provider: FakeProvider): FakeWorld | undefined {
  return worlds.get(provider);
}

/** A component's place at the provider. */
export function placeOf({ application, environment, component }: ComponentReference): string {
  return `${application}/${environment}/${component}`;
}
