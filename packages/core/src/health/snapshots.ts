import type { Logger } from "../contract/call.js";
import { createEventBus } from "../events/event-bus.js";
import type { Clock } from "../time/clock.js";
import { describeFailure } from "./failure.js";
import type { Redact } from "./masked-run.js";
import { staleAt, toSnapshot, type HealthSnapshot, type Given, type Subject } from "./snapshot.js";

const asIs = (text: string): string => text;

type Listener = (snapshot: HealthSnapshot, previous: HealthSnapshot) => unknown;

/** The newest snapshot. */
export interface Snapshots {
  current(): HealthSnapshot;
  /** Makes a new one of what is known now. */
  renew(): void;
  onChange(listener: Listener): () => void;
  /** Every snapshot from now on says that it drains. */
  drain(): void;
}

export function createSnapshots(source: {
  readonly subjects: () => readonly Subject[];
  readonly release: string | null;
  readonly groups: Given["groups"];
  readonly clock: Clock;
  readonly log: Logger;
  readonly redact: Redact | undefined;
}): Snapshots {
  const { subjects, release, groups, clock, log, redact = asIs } = source;
  let draining = false;
  const bus = createEventBus<{ change: { readonly snapshot: HealthSnapshot; readonly previous: HealthSnapshot } }>((error) => {
    log.error("a listener of health failed", { message: redact(describeFailure(error).message) });
  });
  const make = (version: number, started: boolean) => {
    const now = clock.now();
    const looked = subjects();
    return { snapshot: toSnapshot(looked, { version, release, started, draining, groups, now }), staleAt: staleAt(looked, now) };
  };
  let current = make(1, false);
  const renew = (): void => {
    const previous = current.snapshot;
    current = make(previous.version + 1, previous.started);
    if (outlook(previous) !== outlook(current.snapshot)) bus.emit("change", { snapshot: current.snapshot, previous });
  };
  return {
    renew,
    current() {
      if (clock.now() >= current.staleAt) renew();
      return current.snapshot;
    },
    drain() {
      if (draining) return;
      draining = true;
      renew();
    },
    onChange: (listener) => bus.on("change", ({ snapshot, previous }) => listener(snapshot, previous)),
  };
}

/** What listeners are told about: snapshots that are equal in it differ only in times and reasons. */
function outlook({ status, ready, live, draining, checks }: HealthSnapshot): string {
  return [status, ready, live, draining, ...checks.map((check) => `${check.name} ${check.status} ${String(check.known)}`)].join();
}
