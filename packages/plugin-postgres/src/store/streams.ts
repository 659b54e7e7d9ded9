import type { JsonObject, ListQuery, Page, StoreChange, StoredEvent, StreamSummary } from "@fairlead/core";
import type { Database } from "./database.js";
import { toLabels } from "./labels.js";

/** Changes that are read in one go. */
export const window = 1_000;

export async function readEvents(
  ask: Database["ask"],
  schema: string,
  { stream, after = 0, limit }: { readonly stream: string; readonly after?: number | undefined; readonly limit?: number | undefined },
): Promise<readonly StoredEvent[]> {
  const rows = await ask<Omit<StoredEvent, "stream">>({
    text: `select position, version, type, at, data, hash from ${schema}.event
      where stream = (select id from ${schema}.stream where name = $1) and version > $2 order by version limit $3`,
    values: () => [stream, after, limit ?? null],
  });
  return rows.map(({ position, version, type, at, data, hash }) => ({ stream, version, position, type, at, data, hash }));
}

export async function listStreams(ask: Database["ask"], schema: string, query: ListQuery): Promise<Page<StreamSummary>> {
  const { prefix, where = {}, order = "newest", after } = query;
  const size = Math.min(1_000, Math.max(1, Math.trunc(query.limit ?? 50)));
  const [beyond, direction] = order === "newest" ? ["<", "desc"] : [">", "asc"];
  // Every name that begins with the prefix lies between these, in the order of their bytes.
  const behind = `${prefix}\u{10ffff}`;
  const values: unknown[] = [prefix, behind, size + 1];
  const conditions: string[] = [];
  const labels = toLabels(where);
  if (Object.keys(labels).length > 0) conditions.push(`and labels @> $${String(values.push(JSON.stringify(labels)))}::jsonb`);
  if (after !== undefined) conditions.push(`and name ${beyond} $${String(values.push(after))}`);
  const { environment } = labels;
  const isOfEnvironment = environment !== undefined && Object.keys(labels).length === 1;
  const rows = await ask<{ name: string; version: number; summary: JsonObject }>(
    isOfEnvironment
      ? {
          text: `select name, version, summary from ${schema}.of_environment_2($1::jsonb, $2, $3, $4, $5, $6)`,
          values: () => [JSON.stringify(environment), prefix, behind, after ?? null, order === "newest", size + 1],
        }
      : {
          text: `select name, version, summary from ${schema}.stream
            where name >= $1 and name < $2 ${conditions.join(" ")} order by name ${direction} limit $3`,
          values: () => values,
        },
  );
  const items = rows.slice(0, size).map(({ name, version, summary }) => ({ name, version, summary }));
  const last = items.at(-1);
  return rows.length > size && last !== undefined ? { items, next: last.name } : { items };
}

/** The first changes of all streams behind a position, as many as a window holds. */
export async function readChanges(ask: Database["ask"], schema: string, after: number): Promise<readonly StoreChange[]> {
  return ask<{ position: number; stream: string; version: number }>({
    text: `select event.position, stream.name as stream, event.version from ${schema}.event join ${schema}.stream on stream.id = event.stream
      where event.position > $1 order by event.position limit $2`,
    values: () => [after, window],
  });
}

export async function readClaim(ask: Database["ask"], schema: string, key: string): Promise<string | undefined> {
  const [row] = await ask<{ owner: string }>({ text: `select owner from ${schema}.claim where key = $1`, values: () => [key] });
  return row?.owner;
}
