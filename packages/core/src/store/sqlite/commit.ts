import type { ClaimWrite, Fence, OutboxWrite, Store, StoreCommit, StreamRemoval, StreamWrite, TimerWrite } from "../../contract/store.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Database } from "./database.js";
import { lastPosition } from "./streams.js";

/** Writes a commit; what is refused throws. Runs inside a transaction, which takes back what was written before the refusal. */
export function commitToSqlite(database: Database, commit: StoreCommit, now: number): Awaited<ReturnType<Store["commit"]>> {
  if (commit.fence !== undefined) passFence(database, commit.fence);
  if (commit.claim !== undefined) writeClaim(database, commit.claim);
  let position: number | undefined;
  const versions = commit.streams.map((write) => {
    const appended = append(database, write);
    position = appended.position ?? position;
    return appended.version;
  });
  for (const removal of commit.removals ?? []) remove(database, removal);
  for (const message of commit.outbox ?? []) queue(database, message, now);
  for (const timer of commit.timers ?? []) setTimer(database, timer);
  return { versions, position: position ?? lastPosition(database) };
}

function passFence(database: Database, { lease, token, release }: Fence): void {
  const sql =
    release === true
      ? "DELETE FROM lease WHERE name = ? AND token = ? RETURNING token"
      : "SELECT token FROM lease WHERE name = ? AND token = ?";
  if (database.first(sql, lease, token) === undefined) throw fail(coreErrors, "LEASE_LOST", { lease, token });
}

function writeClaim(database: Database, { key, owner, action }: ClaimWrite): void {
  if (action === "release") {
    database.run("DELETE FROM claim WHERE key = ? AND owner = ?", key, owner);
    return;
  }
  const found = database.first<{ readonly owner: string }>("SELECT owner FROM claim WHERE key = ?", key);
  if (found === undefined) database.run("INSERT INTO claim (key, owner) VALUES (?, ?)", key, owner);
  else if (found.owner !== owner) throw fail(coreErrors, "CLAIM_HELD", { key, owner: found.owner });
}

function append(
  database: Database,
  { name, expectedVersion, events, summary }: StreamWrite,
): { readonly version: number; readonly position: number | undefined } {
  const found = database.first<{ readonly id: number; readonly version: number }>("SELECT id, version FROM stream WHERE name = ?", name);
  const actual = found?.version ?? 0;
  if (actual !== expectedVersion) throw fail(coreErrors, "STORE_CONFLICT", { stream: name, expected: expectedVersion, actual });
  let version = actual + events.length;
  if (version === 0) return { version, position: undefined };

  const stream = found?.id ?? database.run("INSERT INTO stream (name, version, summary) VALUES (?, ?, '{}')", name, version).row;
  if (summary !== undefined)
    database.run("UPDATE stream SET version = ?, summary = ? WHERE id = ?", version, JSON.stringify(summary), stream);
  else if (events.length > 0 && found !== undefined) database.run("UPDATE stream SET version = ? WHERE id = ?", version, stream);

  let position: number | undefined;
  version = actual;
  for (const { type, at, data, hash } of events) {
    version += 1;
    const sql = "INSERT INTO event (stream, version, type, at, data, hash) VALUES (?, ?, ?, ?, ?, ?)";
    position = database.run(sql, stream, version, type, at, JSON.stringify(data), hash).row;
  }
  return { version, position };
}

function remove(database: Database, { name, expectedVersion }: StreamRemoval): void {
  const found = database.first<{ readonly id: number; readonly version: number }>("SELECT id, version FROM stream WHERE name = ?", name);
  const actual = found?.version ?? 0;
  if (actual !== expectedVersion) throw fail(coreErrors, "STORE_CONFLICT", { stream: name, expected: expectedVersion, actual });
  if (found === undefined) return;
  // SQLite gives the highest position once more when its row is gone: that row stays, without a stream and without content.
  database.run(
    "UPDATE event SET stream = 0, version = position, type = '', at = '', data = '{}', hash = '' WHERE stream = ? AND position = ?",
    ...[found.id, lastPosition(database)],
  );
  database.run("DELETE FROM event WHERE stream = ?", found.id);
  // Without members it has no labels.
  database.run("UPDATE stream SET summary = '{}' WHERE id = ?", found.id);
  database.run("DELETE FROM stream WHERE id = ?", found.id);
}

function queue(database: Database, message: OutboxWrite, now: number): void {
  const { id, dedupeKey, channel, lane, application, environment, notification } = message;
  database.run(
    `INSERT INTO outbox (id, dedupe_key, channel, lane, application, environment, notification, state, attempts, next_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?)
     ON CONFLICT DO NOTHING`,
    ...[id, dedupeKey, channel, lane, application, environment, JSON.stringify(notification), now, now],
  );
}

function setTimer(database: Database, { name, at }: TimerWrite): void {
  if (at === null) database.run("DELETE FROM timer WHERE name = ?", name);
  else database.run("INSERT INTO timer (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at", name, Math.ceil(at));
}
