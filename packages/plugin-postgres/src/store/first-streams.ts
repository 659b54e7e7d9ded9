import { nextTurn, type JsonObject, type ListQuery, type Page, type StreamSummary } from "@fairlead/core";
import type { Database } from "./database.js";
import { concernsAll } from "./failure.js";

interface Waiting {
  readonly prefix: string;
  readonly resolve: (page: Page<StreamSummary>) => void;
  readonly reject: (error: unknown) => void;
}

/** Whether a list is of the first stream with a prefix alone. */
export function asksForFirst({ where = {}, order, after, limit }: ListQuery): boolean {
  return limit === 1 && order === "oldest" && after === undefined && Object.keys(where).length === 0;
}

/**
 * The first stream with a prefix, which is how the state of an environment is found: each deployment begins with that. Those who ask in the same moment are answered together.
 */
export function createFirstStreams(ask: Database["ask"], schema: string): (prefix: string) => Promise<Page<StreamSummary>> {
  const waiting: Waiting[] = [];
  const text = `select wanted.place, found.name, found.version, found.summary
    from unnest($1::text[]) with ordinality as wanted (prefix, place)
    cross join lateral (
      select name, version, summary from ${schema}.stream
      where name >= wanted.prefix collate "C" and name < (wanted.prefix || chr(1114111)) collate "C" order by name limit 2
    ) as found
    order by wanted.place, found.name`;

  const answer = async (asked: readonly Waiting[]): Promise<void> => {
    const prefixes = [...new Set(asked.map(({ prefix }) => prefix))];
    const rows = await ask<{ place: number; name: string; version: number; summary: JsonObject }>({ text, values: () => [prefixes] });
    const pages = new Map<string, Page<StreamSummary>>();
    for (const { place, name, version, summary } of rows) {
      const prefix = prefixes[place - 1] ?? "";
      const first = pages.get(prefix)?.items[0];
      pages.set(prefix, first === undefined ? { items: [{ name, version, summary }] } : { items: [first], next: first.name });
    }
    for (const { prefix, resolve } of asked) resolve(pages.get(prefix) ?? { items: [] });
  };

  /** What the database cannot take at all is not the fault of those beside it. */
  const answerEach = async (asked: readonly Waiting[]): Promise<void> => {
    for (const one of asked) await answer([one]).catch(one.reject);
  };

  const run = async (): Promise<void> => {
    await nextTurn();
    const asked = waiting.splice(0);
    try {
      await answer(asked);
    } catch (error) {
      if (asked.length > 1 && !concernsAll(error)) await answerEach(asked);
      else for (const { reject } of asked) reject(error);
    }
  };

  return (prefix) =>
    new Promise((resolve, reject) => {
      waiting.push({ prefix, resolve, reject });
      if (waiting.length === 1) void run();
    });
}
