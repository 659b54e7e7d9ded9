import type { Store, StoredEvent, StreamSummary } from "../contract/store.js";
import { toMachineEvent } from "../engine/deployment-writer.js";
import { foldEnvironment } from "../engine/environment-journal.js";
import { serializeError } from "../errors/fairlead-error.js";
import { canonicalJson } from "../json/canonical-json.js";
import type { JsonObject } from "../json/json.js";
import { emptyHead, exportLines, listAll, streamNames, verifyEvents, type JournalReport } from "../journal/index.js";
import { fold } from "../machine/index.js";
import { foldBook } from "../status/book.js";
import type { Clock } from "../time/clock.js";

interface JournalOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  readonly environment: string | undefined;
}

/** Everything of an application, or of one of its environments, as lines of an export. Verified while it is read: rejects with `STORE_CORRUPT` instead of handing on what was changed. */
export function exportJournal(options: JournalOptions): AsyncIterable<string> {
  const { store, clock, application, environment = null } = options;
  const streams = async function* (): AsyncGenerator<readonly StoredEvent[]> {
    for await (const { name } of streamsOf(options)) {
      const stored = await store.read(name);
      verifyEvents(name, emptyHead, stored);
      if (stored.length > 0) yield stored;
    }
  };
  return exportLines({ application, environment, at: new Date(clock.now()).toISOString() }, streams());
}

/** Verifies what is kept: the chain of every stream, that none ends before the version it has, and that what is listed is what the events say. */
export async function verifyJournal(options: JournalOptions): Promise<JournalReport> {
  const problems: { stream: string; message: string }[] = [];
  let [streams, events] = [0, 0];
  for await (const listed of streamsOf(options)) {
    streams += 1;
    try {
      // Both in one look where nobody writes; else what is newer than the list is no problem.
      const stored = await options.store.read(listed.name);
      events += stored.length;
      const message = problemOf(listed, stored, options.application);
      if (message !== undefined) problems.push({ stream: listed.name, message });
    } catch (error) {
      problems.push({ stream: listed.name, message: serializeError(error).message });
    }
  }
  return { streams, events, problems };
}

function problemOf({ name, version, summary }: StreamSummary, stored: readonly StoredEvent[], application: string): string | undefined {
  const head = verifyEvents(name, emptyHead, stored);
  if (head.version < version) return `It has ${String(version)} events, and ${String(head.version)} are there.`;
  const listed = expectedOf(name, stored.slice(0, version), application);
  const differs = Object.entries(listed).find(([member, value]) => canonicalJson(summary[member]) !== canonicalJson(value))?.[0];
  return differs === undefined ? undefined : `It is listed with another ${differs} than its events say.`;
}

/** Members of a summary that every version has written. */
function expectedOf(name: string, stored: readonly StoredEvent[], application: string): JsonObject {
  if (name.startsWith(streamNames.environment(application, ""))) {
    const { serving, head } = foldEnvironment(name, stored);
    return { serving, head } as unknown as JsonObject;
  }
  if (name.startsWith(streamNames.status(application, ""))) {
    const { incidents, maintenances, head } = foldBook(name, stored);
    return { incidents, maintenances, head } as unknown as JsonObject;
  }
  const state = name.startsWith(streamNames.deployments(application)) ? fold(stored.map(toMachineEvent)) : undefined;
  return state === undefined ? {} : { phase: state.phase, environment: state.plan.environment };
}

/**
 * The journals of environments, then each deployment's with its log, what was asked for, and what status pages said, the oldest first. Not what only leads to these or is about the moment: keys, and the hearts of
 * processes.
 */
async function* streamsOf(options: JournalOptions): AsyncGenerator<StreamSummary> {
  const { store, application, environment } = options;
  yield* ofEnvironment(options, streamNames.environment(application, ""), (name) => name);
  for await (const found of listAll(store, streamNames.deployments(application), environment)) {
    yield found;
    const log = found.name.replace(streamNames.deployments(application), streamNames.log(application, ""));
    yield* only(store, log);
  }
  yield* listAll(store, streamNames.requests(application), environment);
  yield* ofEnvironment(options, streamNames.status(application, ""), (name) => name);
  // The day is the last part of the name.
  yield* ofEnvironment(options, streamNames.everyStatusDay(application), (name) => name.slice(0, name.lastIndexOf("/")));
}

/** Streams whose name says the environment behind the prefix. */
async function* ofEnvironment(
  { store, environment }: JournalOptions,
  prefix: string,
  environmentIn: (name: string) => string,
): AsyncGenerator<StreamSummary> {
  for await (const found of listAll(store, prefix))
    if (environment === undefined || environmentIn(found.name.slice(prefix.length)) === environment) yield found;
}

async function* only(store: Store, stream: string): AsyncGenerator<StreamSummary> {
  const { items } = await store.list({ prefix: stream, order: "oldest", limit: 1 });
  yield* items.filter(({ name }) => name === stream);
}
