import { resolve } from "node:path";
import type { Store, StoreChange, StoreCommit } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { systemClock, type Clock } from "../time/clock.js";
import { toMilliseconds, type Duration } from "../time/duration.js";
import { createChanges } from "./changes.js";
import { followChanges } from "./follow-changes.js";
import { commitToSqlite } from "./sqlite/commit.js";
import { createConnection } from "./sqlite/connection.js";
import { sqliteLeases } from "./sqlite/leases.js";
import { sqliteOutbox } from "./sqlite/outbox.js";
import { sqliteTimers } from "./sqlite/timers.js";
import { lastPosition, listStreams, readChanges, readClaim, readEvents } from "./sqlite/streams.js";

export interface SqliteStoreOptions {
  /**
   * The file, e.g. `join(import.meta.dirname, ".fairlead/journal.db")`. It and its folder are made by the first write, for this user alone; reading makes nothing. A relative path is meant from where the process
   * is now: whoever deploys from another folder has another journal, and nothing keeps the two from deploying at once.
   */
  readonly path: string;
  /** States that only one machine ever deploys; then staging and production may use this store too. Default: not stated. */
  readonly singleMachine?: boolean;
  /** What leases run on. Default: the machine's clock. */
  readonly clock?: Clock;
  /** How often `watch` looks for commits of other processes, while somebody waits. Default `"100ms"`. */
  readonly pollInterval?: Duration;
  /** How long other processes may keep the file busy before `STORE_UNAVAILABLE`. Default `"10s"`. */
  readonly patience?: Duration;
}

/**
 * A store in one file, for processes of one machine. Made without touching the disk; opened with the first use. Every commit is on the disk when it resolves. A process that ends, however it
 * ends, leaves nothing behind that anybody would have to clear. Throws `STORE_PATH_INVALID` for a path that names no file.
 */
export function sqliteStore({
  path,
  singleMachine,
  clock = systemClock,
  pollInterval = "100ms",
  patience = "10s",
}: SqliteStoreOptions): Store {
  if (path === "" || path === ":memory:") {
    throw fail(coreErrors, "STORE_PATH_INVALID", { store: `SQLite file ${path}`, problem: "it names no file; memoryStore() needs none." });
  }
  const file = resolve(path);
  const description = `SQLite file ${file}`;
  const connection = createConnection({ store: description, path: file, clock, patience: toMilliseconds(patience) });
  let dataVersion: number | undefined;
  /** What this process has committed last. */
  let own: readonly StoreChange[] | undefined;
  const changes = createChanges({
    clock,
    interval: toMilliseconds(pollInterval),
    changed: () => {
      const before = dataVersion;
      dataVersion = connection.dataVersion();
      return dataVersion !== before;
    },
  });

  return {
    description,
    shared: false,
    ...(singleMachine === undefined ? {} : { singleMachine }),
    requireWritable: () => connection.requireWritable(),
    commit: async (commit) => {
      const answer = await connection.write((database) => commitToSqlite(database, commit, Math.floor(clock.now())));
      own = changesOf(commit, answer.position);
      changes.announce();
      return answer;
    },
    read: (stream, options = {}) => connection.read((database) => readEvents(database, stream, options)),
    list: (query) => connection.read((database) => listStreams(database, query)),
    leases: sqliteLeases(connection, clock),
    claimOf: (key) => connection.read((database) => readClaim(database, key)),
    watch: ({ prefix, after, signal }) => {
      const from = after === undefined ? connection.read(lastPosition) : Promise.resolve(after);
      // Told to whoever asks for the first change.
      from.catch(() => undefined);
      return followChanges({
        from,
        read: async (position) => {
          // Most follow what this process commits itself, and have seen everything before. Commits of others change the version of the data.
          if (own !== undefined && position + own.length === own.at(-1)?.position) {
            return { changes: own.filter(({ stream }) => stream.startsWith(prefix)), position: position + own.length, latest: true };
          }
          return connection.read((database) => readChanges(database, prefix, position));
        },
        changes,
        signal,
      });
    },
    outbox: sqliteOutbox(connection, clock),
    timers: sqliteTimers(connection, clock),
    now: () => connection.read(() => clock.now()),
    close: async () => {
      await connection.close();
      changes.announce();
    },
  };
}

/** What a commit has appended, the last of it at `position`. */
function changesOf({ streams }: StoreCommit, position: number): readonly StoreChange[] {
  let before = position - streams.reduce((sum, { events }) => sum + events.length, 0);
  return streams.flatMap(({ name, expectedVersion, events }) =>
    events.map((_, index) => {
      before += 1;
      return { position: before, stream: name, version: expectedVersion + index + 1 };
    }),
  );
}
