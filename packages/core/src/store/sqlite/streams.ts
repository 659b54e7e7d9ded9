import type { SQLInputValue } from "node:sqlite";
import type { ListQuery, Page, StoreChange, StoredEvent, StreamSummary } from "../../contract/store.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { JsonObject } from "../../json/json.js";
import type { ChangesRead } from "../follow-changes.js";
import { toPage, toPageSize } from "../paging.js";
import type { Database } from "./database.js";
import { firstWithLabels, labelledMembers } from "./schema.js";

type EventRow = Omit<StoredEvent, "stream" | "data"> & { readonly data: string };

/** Events that are looked at in one go when a store is followed from far behind. */
const window = 1_000;

/** Throws `STORE_CORRUPT` where events are missing at the end. */
export function readEvents(
  database: Database,
  stream: string,
  { after = 0, limit = -1 }: { after?: number; limit?: number },
): StoredEvent[] {
  const known = database.first<{ readonly id: number; readonly version: number }>("SELECT id, version FROM stream WHERE name = ?", stream);
  if (known === undefined || known.version <= after) return [];
  const rows = database.all<EventRow>(
    "SELECT position, version, type, at, data, hash FROM event WHERE stream = ? AND version > ? ORDER BY version LIMIT ?",
    ...[known.id, after, limit],
  );
  // What came between the two is newer.
  const last = rows.at(-1)?.version ?? after;
  if (limit < 0 && last < known.version)
    throw fail(coreErrors, "STORE_CORRUPT", { stream, version: last + 1, problem: "it and what is behind it are missing." });
  return rows.map(({ data, ...row }) => ({ ...row, stream, data: parseObject(data) }));
}

export function listStreams(database: Database, query: ListQuery): Page<StreamSummary> {
  const { prefix, where = {}, order = "newest", after } = query;
  const size = toPageSize(query.limit);
  const [beyond, direction] = order === "newest" ? ["<", "DESC"] : [">", "ASC"];
  const conditions = Object.entries(where).map(([member, value]) => toCondition(member, value));
  const rare = rareLabel(database, where);
  const rows = database.all<{ readonly name: string; readonly version: number; readonly summary: string }>(
    `SELECT name, stream.version AS version, summary FROM ${rare === undefined ? "stream" : "label CROSS JOIN stream ON stream.id = label.stream"}
     WHERE name >= ? AND name < ? ${after === undefined ? "" : `AND name ${beyond} ?`}
     ${rare === undefined ? "" : `AND member = ? AND value = ${rare.value}`}
     ${conditions.map(({ sql }) => `AND ${sql}`).join(" ")}
     ORDER BY name ${direction} LIMIT ?`,
    ...[...rangeOf(prefix), ...(after === undefined ? [] : [after]), ...(rare?.values ?? [])],
    ...[...conditions.flatMap(({ values }) => values), size + 1],
  );
  return toPage(
    rows.map(({ summary, ...row }) => ({ ...row, summary: parseObject(summary) })),
    size,
  );
}

/** What fewer streams have than this is looked up; what more have is soon met on the way through all of them. */
const few = 500;

/** A label that few streams have. */
function rareLabel(database: Database, where: NonNullable<ListQuery["where"]>): Label | undefined {
  // A file that may not be written may be of an older version.
  const version = database.first<{ readonly user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  const labels = version < firstWithLabels ? [] : Object.entries(where).flatMap(([member, value]) => toLabel(member, value) ?? []);
  return labels.find(({ value, values }) => {
    const sql = `SELECT count(*) AS count FROM (SELECT 1 FROM label WHERE member = ? AND value = ${value} LIMIT ?)`;
    return (database.first<{ readonly count: number }>(sql, ...values, few)?.count ?? 0) < few;
  });
}

interface Label {
  readonly value: string;
  readonly values: readonly SQLInputValue[];
}

function toLabel(member: string, value: string | number | boolean): Label | undefined {
  if (!labelledMembers.includes(member) || typeof value === "number" || value === false) return undefined;
  return value === true ? { value: "?", values: [member, "true"] } : { value: "json_quote(?)", values: [member, value] };
}

/** The position of the last event of all; 0 where there is none. */
export function lastPosition(database: Database): number {
  return database.first<{ readonly position: number }>("SELECT coalesce(max(position), 0) AS position FROM event")?.position ?? 0;
}

export function readChanges(database: Database, prefix: string, after: number): ChangesRead {
  // CROSS JOIN keeps SQLite from beginning with the streams: few events are new. What they are about is looked at here, so that one statement tells how far they go as well.
  const changes = database.all<StoreChange>(
    `SELECT position, name AS stream, event.version AS version FROM event CROSS JOIN stream ON stream.id = event.stream
     WHERE position > ? ORDER BY position LIMIT ?`,
    ...[after, window],
  );
  return {
    changes: changes.filter(({ stream }) => stream.startsWith(prefix)).map((change) => ({ ...change })),
    position: changes.at(-1)?.position ?? after,
  };
}

export function readClaim(database: Database, key: string): string | undefined {
  return database.first<{ readonly owner: string }>("SELECT owner FROM claim WHERE key = ?", key)?.owner;
}

/** Objects are all that was ever written there. */
export function parseObject(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}

/** Every name that begins with the prefix lies between these, in the order of their bytes. */
function rangeOf(prefix: string): [from: string, to: string] {
  return [prefix, `${prefix}\u{10ffff}`];
}

/** SQLite has no booleans: `true` is told from 1 by the type of the member. */
function toCondition(member: string, value: string | number | boolean): { readonly sql: string; readonly values: SQLInputValue[] } {
  const has = (test: string): string => `EXISTS (SELECT 1 FROM json_each(summary) AS member WHERE member.key = ? AND ${test})`;
  if (typeof value === "boolean") return { sql: has("member.type = ?"), values: [member, String(value)] };
  const types = typeof value === "number" ? "'integer', 'real'" : "'text'";
  return { sql: has(`member.type IN (${types}) AND member.value = ?`), values: [member, value] };
}
