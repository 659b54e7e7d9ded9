import type { Taken, Tool, Unfinished } from "./tool.js";

/** It keeps what a file was and not its name. */
export const drizzleTool: Tool = {
  name: "Drizzle",
  table: 'drizzle."__drizzle_migrations"',
  columns: ["hash", "created_at"],
  async read(session, files) {
    const rows = await session.ask<{ hash: string }>('select hash from drizzle."__drizzle_migrations" order by created_at, id');
    // Files of the same text are told apart by nothing but their order.
    const known = Map.groupBy(files, ({ digest }) => digest);
    const left = new Map([...known].map(([digest, same]) => [digest, same[Symbol.iterator]()]));
    // The table of another folder.
    if (!rows.some(({ hash }) => known.has(hash))) return [];
    return rows.flatMap<Taken | Unfinished>(({ hash }) => {
      if (!known.has(hash)) return [{ migration: `the one with the hash ${hash.slice(0, 12)}` }];
      const file = left.get(hash)?.next().value;
      return file === undefined ? [] : [{ file, appliedAt: null, edited: false }];
    });
  },
};
