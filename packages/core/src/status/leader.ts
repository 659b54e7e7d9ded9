import type { Fence, Lease } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { streamNames } from "../journal/index.js";
import { digestOf, type Json, type JsonObject } from "../json/index.js";
import { applied, type StatusBook } from "./book.js";
import { amendBook } from "./book-store.js";
import { decide, type Damping } from "./decide.js";
import { dayAt, withLook, type StatusDay } from "./day.js";
import { readDay, writeDay } from "./day-store.js";
import type { DeskOptions } from "./desk.js";
import { reportOf, type ComponentReport } from "./fold-heartbeats.js";
import { readHeartbeats } from "./heartbeat.js";
import { incidentMessages } from "./incident-messages.js";
import { isKnown, shownStatus } from "./shown.js";
import type { ComponentFacts, PageFacts, StatusDraft } from "./status-events.js";

export interface LeaderOptions extends DeskOptions {
  readonly page: PageFacts;
  readonly components: readonly ComponentFacts[];
  /** Between two looks, in milliseconds. */
  readonly interval: number;
  readonly damping: Damping;
  /** How long days are kept, in milliseconds. */
  readonly retention: number;
  /** Shown to whoever is refused. */
  readonly holder: JsonObject;
  /** What an incident that opens now should mention. */
  readonly note: () => string | null;
}

/** Of several processes the one that folds what all of them say into the page. */
export interface Leader {
  /** Leads if nobody else does: looks once. Answers whether it did. Rejects where the store cannot be reached. */
  lead(): Promise<boolean>;
  /** Lets another process lead at once. */
  resign(): Promise<void>;
}

/** History is kept at least this often, in milliseconds. */
export const keepEvery = 60_000;
/** A process whose last beat is older than this is forgotten, in milliseconds. */
const forgetAfter = 3_600_000;

interface Term {
  lease: Lease;
  /** When it began to lead, and when it looked last, in epoch milliseconds by the store's clock. */
  readonly since: number;
  looked: number | undefined;
  today: StatusDay | undefined;
  kept: number;
}

export function createLeader(options: LeaderOptions): Leader {
  const { store, application, environment, interval } = options;
  const name = `status/${application}/${environment}`;
  /** A look that takes long must not cost it the lead. */
  const ttl = Math.max(15_000, 3 * interval);
  let term: Term | undefined;

  const acquire = async (now: number): Promise<Term | undefined> => {
    const answer = await store.leases.acquire({ name, holder: options.holder, ttl });
    return answer.granted ? { lease: answer.lease, since: now, looked: undefined, today: undefined, kept: now } : undefined;
  };

  return {
    async lead() {
      const now = await store.now();
      try {
        if (term === undefined) term = await acquire(now);
        else term.lease = await store.leases.renew(term.lease, ttl);
        if (term === undefined) return false;
        await look(options, term, now);
        return true;
      } catch (error) {
        if (!isFairleadError(error, "LEASE_LOST")) throw error;
        term = undefined;
        return false;
      }
    },
    async resign() {
      const ended = term;
      term = undefined;
      if (ended === undefined) return;
      const { lease, today } = ended;
      try {
        if (today !== undefined) await writeDay(store, options, today, { fence: fenceOf(lease), retention: options.retention });
      } finally {
        // Whether or not the day could be kept: nobody has to wait for a process that has ended.
        await store.leases.release(lease);
      }
    },
  };
}

function fenceOf({ name, token }: Lease): Fence {
  return { lease: name, token };
}

async function look(options: LeaderOptions, term: Term, now: number): Promise<void> {
  const { store, interval } = options;
  const fence = fenceOf(term.lease);
  const at = new Date(now).toISOString();
  const beats = await readHeartbeats(store, options);
  const fresh = beats.filter((beat) => now - beat.at <= 3 * interval);
  // Others have to have had the time to say something.
  const isEarly = now - term.since < 3 * interval;
  const reports = new Map(
    options.components
      .filter(({ checks }) => checks.length > 0)
      .map((component): [string, ComponentReport] => [component.name, reportOf(component, fresh)])
      .filter(([, { known }]) => known || !isEarly),
  );
  const evidence = { reports, now, damping: options.damping, note: options.note() };
  const book = await amendBook(store, options, { at, fence }, (before) => {
    const declared = declaration(before, options);
    const after = declared.reduce((one, draft) => applied(one, draft, at), before);
    const drafts = [...declared, ...decide(after, evidence)];
    return { drafts, outbox: incidentMessages(drafts, { ...options, page: options.page.url }, at) };
  });
  await keepHistory(options, { term, fence, book, reports, now });
  const gone = beats.filter((beat) => now - beat.at > forgetAfter);
  if (gone.length > 0)
    await forget(
      options,
      gone.map(({ instance }) => instance),
      fence,
    );
}

function declaration(book: StatusBook, { page, components }: LeaderOptions): readonly StatusDraft[] {
  const digest = (declared: unknown): string => digestOf(declared as Json);
  const isSame = digest([book.page, book.components]) === digest([page, components]);
  return isSame ? [] : [{ type: "page.declared", data: { page, components } }];
}

async function keepHistory(
  options: LeaderOptions,
  {
    term,
    fence,
    book,
    reports,
    now,
  }: {
    readonly term: Term;
    readonly fence: Fence;
    readonly book: StatusBook;
    readonly reports: ReadonlyMap<string, ComponentReport>;
    readonly now: number;
  },
): Promise<void> {
  const { store, interval, retention } = options;
  const day = dayAt(now);
  if (term.today !== undefined && term.today.day !== day) await writeDay(store, options, term.today, { fence, retention });
  const before = term.today?.day === day ? term.today : await readDay(store, options, day);
  // Whoever led before looked until then.
  const last = term.looked ?? before.until;
  const lasted = now - last <= 4 * interval ? Math.max(0, now - last) : 0;
  const components = book.components
    .filter((component) => isKnown(book, component))
    .map((component) => ({
      name: component.name,
      status: shownStatus(book, component, now),
      latency: reports.get(component.name)?.latency ?? null,
    }));
  const isFirst = term.today?.day !== day;
  term.today = withLook(before, { at: now, lasted, components });
  term.looked = now;
  if (!isFirst && now - term.kept < keepEvery && book.updatedAt !== new Date(now).toISOString()) return;
  await writeDay(store, options, term.today, { fence, retention });
  term.kept = now;
}

async function forget({ store, application, environment }: LeaderOptions, instances: readonly string[], fence: Fence): Promise<void> {
  const removals = instances.map((instance) => ({ name: streamNames.heartbeat(application, environment, instance), expectedVersion: 1 }));
  await store.commit({ streams: [], removals, fence });
}
