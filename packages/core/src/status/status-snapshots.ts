import type { Logger } from "../contract/call.js";
import { serializeError } from "../errors/fairlead-error.js";
import { createEventBus } from "../events/event-bus.js";
import type { Clock } from "../time/clock.js";
import { emptyBook } from "./book.js";
import { expiresAt, toSnapshot, type StatusFacts, type StatusSnapshot } from "./snapshot.js";
import type { StatusReader } from "./status-reader.js";
import type { ComponentFacts, PageFacts } from "./status-events.js";

export type StatusListener = (snapshot: StatusSnapshot, previous: StatusSnapshot) => unknown;

/** The newest snapshot of a page. */
export interface StatusSnapshots {
  current(): StatusSnapshot;
  /** Reads the store; whoever asks while it is read gets the same answer. Rejects where it cannot be reached: then what was read last stays, with its age. */
  refresh(): Promise<StatusSnapshot>;
  /** Forgets a read that has begun: what was written since may not be in it. */
  renew(): Promise<StatusSnapshot>;
  /** Whether the store has not been read for so many milliseconds. */
  isOlderThan(age: number): boolean;
  onChange(listener: StatusListener): () => void;
}

export function createSnapshots(source: {
  readonly reader: StatusReader;
  readonly clock: Clock;
  readonly log: Logger;
  readonly page: PageFacts;
  readonly components: readonly ComponentFacts[];
  /** How long what was last seen counts, in milliseconds. */
  readonly freshFor: number;
}): StatusSnapshots {
  const { reader, clock, log, page, components, freshFor } = source;
  const bus = createEventBus<{ change: { readonly snapshot: StatusSnapshot; readonly previous: StatusSnapshot } }>((error) => {
    log.error("a listener of the status page failed", { message: serializeError(error).message });
  });
  let facts: StatusFacts = { book: { ...emptyBook, page, components }, days: [], deployment: null };
  let readAt = -Infinity;
  let reading: Promise<StatusSnapshot> | undefined;

  const make = () => {
    const given = { now: clock.now(), freshFor };
    return { snapshot: toSnapshot(facts, page, given), expiresAt: expiresAt(facts, given) };
  };
  let current = make();

  const replace = (): StatusSnapshot => {
    const previous = current.snapshot;
    current = make();
    const { snapshot } = current;
    if (snapshot.version !== previous.version) bus.emit("change", { snapshot, previous });
    return snapshot;
  };

  const read = async (): Promise<StatusSnapshot> => {
    const found = await reader.read(clock.now());
    readAt = clock.now();
    // Before any process has declared what is on the page, it is what this one declares.
    facts = found.book.page === null ? { ...found, book: { ...found.book, page, components } } : found;
    return replace();
  };

  const begin = (): Promise<StatusSnapshot> => {
    const begun = read().finally(() => {
      if (reading === begun) reading = undefined;
    });
    reading = begun;
    return begun;
  };

  return {
    current: () => (clock.now() >= current.expiresAt ? replace() : current.snapshot),
    isOlderThan: (age) => clock.now() - readAt > age,
    refresh: () => reading ?? begin(),
    renew: begin,
    onChange: (listener) => bus.on("change", ({ snapshot, previous }) => listener(snapshot, previous)),
  };
}
