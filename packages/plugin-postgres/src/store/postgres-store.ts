import { coreErrors, fail, isSecret, systemClock, toMilliseconds } from "@fairlead/core";
import type { Clock, Duration, Secret, SecretReference, Store } from "@fairlead/core";
import { readAddress, type DatabaseAddress } from "../connection/address.js";
import { postgresErrors } from "../postgres-errors.js";
import { changesOf, toChange, toRefusal, versionsOf, type CommitAnswer } from "./commit.js";
import { createCommitQueue } from "./commit-queue.js";
import { createDatabase } from "./database.js";
import { asksForFirst, createFirstStreams } from "./first-streams.js";
import { postgresLeases } from "./leases.js";
import { createListener } from "./listener.js";
import { withSchema } from "./opened.js";
import { moment } from "./moment.js";
import { postgresOutbox } from "./outbox.js";
import { postgresTimers } from "./timers.js";
import { placeOf } from "./place.js";
import { listStreams, readChanges, readClaim, readEvents, window } from "./streams.js";
import { createTail } from "./tail.js";
import { followTail } from "./watch.js";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:5432/database`: `secret("NAME")`, which the deployer resolves when the store is first used, or a `Secret`. A pooler is fine. */
  readonly url: SecretReference | Secret;
  /** Schema of the store's tables. It is made when it is missing, holds nothing else, and belongs to no migration and no backup. Default `"fairlead_store"`. */
  readonly schema?: string;
  /** How many connections a process may have, besides one that listens. They are made when they are needed. Default 5. */
  readonly connections?: number;
  /** How often `watch` looks for commits of other processes where the database does not tell of them, while somebody waits. Default `"250ms"`. */
  readonly pollInterval?: Duration;
  /** How long a call waits for a database that does not answer, before `STORE_UNAVAILABLE`. Default `"10s"`. */
  readonly patience?: Duration;
  /** What pauses are measured by; leases run on the clock of the database. Default: the machine's. */
  readonly clock?: Clock;
}

/** In milliseconds: how often it looks although it would be told. Connections have been cut without either end noticing. */
const lookAnyway = 2_000;

/**
 * A team's store: a PostgreSQL database, 13 or later, for processes of any number of machines. Made without touching anything; opened, and its schema brought up to date, with the first use.
 * A commit is on the server's disk when it resolves. A server that restarts and connections that break are waited for; whatever ends a process, it leaves nothing that would have to be
 * cleared. Throws `POSTGRES_STORE_SCHEMA_INVALID`.
 */
export function postgresStore({
  url,
  schema = "fairlead_store",
  connections = 5,
  pollInterval = "250ms",
  patience = "10s",
  clock = systemClock,
}: PostgresStoreOptions): Store {
  if (!/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema === "public") {
    throw fail(postgresErrors, "POSTGRES_STORE_SCHEMA_INVALID", { schema });
  }
  const description = `PostgreSQL ${url.name}, schema ${schema}`;
  const place = placeOf(schema);
  const [interval, longest] = [toMilliseconds(pollInterval), toMilliseconds(patience)];
  let resolveSecret = (name: string): Promise<Secret> =>
    Promise.reject(fail(coreErrors, "SECRETS_MISSING", { environment: "the store", names: [name] }));
  let isHandedOver = false;

  let found: Promise<DatabaseAddress> | undefined;
  const address = (): Promise<DatabaseAddress> => {
    if (found === undefined) {
      found = (isSecret(url) ? Promise.resolve(url) : resolveSecret(url.name)).then(readAddress);
      // A secret that is missing now may be there later.
      found.catch(() => {
        found = undefined;
      });
    }
    return found;
  };
  const database = createDatabase({ store: description, address, clock, connections, patience: longest });
  const { ask } = withSchema(description, database, place);
  const read = (after: number) => readChanges(ask, place.schema, after);
  const firstStream = createFirstStreams(ask, place.schema);

  const tail = createTail({
    store: description,
    clock,
    read,
    window,
    lastPosition: () => queue.position(),
    isCommitting: () => queue.busy,
    interval: () => (listener.listening ? Math.max(interval, lookAnyway) : interval),
  });
  const listener = createListener({
    address,
    channel: place.name,
    clock,
    onHeard: (position) => {
      tail.heard(position);
    },
    onListening: () => {
      tail.look().catch(() => undefined);
    },
  });
  const queue = createCommitQueue({
    store: description,
    ask,
    schema: place.schema,
    onSettled: () => {
      tail.catchUp();
    },
  });

  let closing: Promise<void> | undefined;
  return {
    description,
    shared: true,
    useSecrets(resolve) {
      if (!isHandedOver) resolveSecret = resolve;
      isHandedOver = true;
    },
    async commit(commit) {
      // Made by `commit_1`, and by nothing else.
      const answer = (await queue.submit(toChange(commit))) as unknown as CommitAnswer;
      if (typeof answer !== "number") throw toRefusal(commit, answer);
      tail.committed(changesOf(commit, answer));
      return { versions: versionsOf(commit), position: answer };
    },
    read: (stream, options) => readEvents(ask, place.schema, { stream, ...options }),
    list: (query) => (asksForFirst(query) ? firstStream(query.prefix) : listStreams(ask, place.schema, query)),
    leases: postgresLeases({ store: description, ask, queue, schema: place.schema, clock, patience: longest }),
    claimOf: (key) => readClaim(ask, place.schema, key),
    watch({ prefix, after, signal }) {
      const from = tail.begin().then((position) => {
        listener.start();
        return after ?? position;
      });
      // Told to whoever asks for the first change.
      from.catch(() => undefined);
      return followTail({ prefix, from, tail, read, signal });
    },
    outbox: postgresOutbox(ask, place.schema),
    timers: postgresTimers(ask, place.schema),
    async now() {
      const [row] = await ask<{ now: number }>({ text: `select (${moment})::float8 as now` });
      return row?.now ?? 0;
    },
    close() {
      closing ??= (async () => {
        tail.close();
        queue.close();
        await Promise.all([database.close(), listener.close()]);
      })();
      return closing;
    },
  };
}
