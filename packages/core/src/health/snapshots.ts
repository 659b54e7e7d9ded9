import type { Logger } from "../contract/call.js";
import { createEventBus } from "../events/event-bus.js";
import type { Clock } from "../time/clock.js";
import { describeFailure } from "./failure.js";
import { staleAt, toSnapshot, type HealthSnapshot, type Subject } from "./snapshot.js";

type Listener = (snapshot: HealthSnapshot, previous: HealthSnapshot) => unknown;

/** The newest snapshot. */
export interface Snapshots {
  current(): HealthSnapshot;
  /** Makes a new one of what is known now. */
  renew(): void;
  onChange(listener: Listener): () => void;
}

export function createSnapshots(source: {
  readonly subjects: () => readonly Subject[];
  readonly release: string | null;
  readonly clock: Clock;
  readonly log: Logger;
}): Snapshots {
  const { subjects, release, clock, log } = source;
  const bus = createEventBus<{ change: { readonly snapshot: HealthSnapshot; readonly previous: HealthSnapshot } }>((error) => {
    log.error("a listener of health failed", { message: describeFailure(error).message });
  });
  const make = (version: number) => {
    const now = clock.now();
    const looked = subjects();
    return { snapshot: toSnapshot(looked, { version, release, now }), staleAt: staleAt(looked, now) };
  };
  let current = make(1);
  const renew = (): void => {
    const previous = current.snapshot;
    current = make(previous.version + 1);
    if (outlook(previous) !== outlook(current.snapshot)) bus.emit("change", { snapshot: current.snapshot, previous });
  };
  return {
    renew,
    current() {
      if (clock.now() >= current.staleAt) renew();
      return current.snapshot;
    },
    onChange: (listener) => bus.on("change", ({ snapshot, previous }) => listener(snapshot, previous)),
  };
}

/** What listeners are told about: snapshots that are equal in it differ only in times and reasons. */
function outlook({ status, live, checks }: HealthSnapshot): string {
  return [status, live, ...checks.map((check) => `${check.name} ${check.status} ${String(check.known)}`)].join();
}
