import type { Fence, OutboxWrite, Store, StreamWrite } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { sealEvents, streamNames } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";
import { applied, emptyBook, type StatusBook } from "./book.js";
import type { StatusDraft } from "./status-events.js";

/** Whose page it is. */
export interface StatusPlace {
  readonly application: string;
  readonly environment: string;
}

/** Reads the book. It is kept as its stream's summary, written in the same commit as its events. */
export async function readBook(store: Pick<Store, "list">, { application, environment }: StatusPlace): Promise<StatusBook> {
  const stream = streamNames.status(application, environment);
  const { items } = await store.list({ prefix: stream, order: "oldest", limit: 1 });
  // Written by `bookWrite`, and by nothing else.
  const kept = items.find(({ name }) => name === stream)?.summary as unknown as StatusBook | undefined;
  return { ...emptyBook, ...kept };
}

/** What to record, and whom to tell. */
export interface Amendment {
  readonly drafts: readonly StatusDraft[];
  readonly outbox?: readonly OutboxWrite[];
}

/** The write that appends to the book. `at` is ISO 8601. */
function bookWrite(stream: string, before: StatusBook, drafts: readonly StatusDraft[], at: string): [StreamWrite, StatusBook] {
  const events = drafts.map(({ type, data }) => ({ type, at, data: data as unknown as JsonObject }));
  const sealed = sealEvents(stream, before.head, events);
  const after = { ...drafts.reduce((book, draft) => applied(book, draft, at), before), head: sealed.head };
  const summary = after as unknown as JsonObject;
  return [{ name: stream, expectedVersion: before.head.version, events: sealed.events, summary }, after];
}

/**
 * Records what `decide` wants, given the book as it is; decides anew whenever another process was quicker, so that nothing is decided on what is no longer true. Answers the book as it is then. Throws what
 * `decide` throws, and `LEASE_LOST` where a fence is given that is old.
 */
export async function amendBook(
  store: Store,
  place: StatusPlace,
  { at, fence }: { readonly at: string; readonly fence?: Fence },
  decide: (book: StatusBook) => Amendment,
): Promise<StatusBook> {
  const stream = streamNames.status(place.application, place.environment);
  for (;;) {
    const before = await readBook(store, place);
    const { drafts, outbox = [] } = decide(before);
    if (drafts.length === 0) return before;
    const [write, after] = bookWrite(stream, before, drafts, at);
    try {
      await store.commit({ streams: [write], outbox, ...(fence === undefined ? {} : { fence }) });
      return after;
    } catch (error) {
      if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
    }
  }
}
