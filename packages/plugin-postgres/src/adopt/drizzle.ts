import type { Taken, Tool, Unfinished } from "./tool.js";

/** It keeps what a file was and not its name. */
export const drizzleTool: Tool = {
  name: "Drizzle",
  table: 'drizzle."__drizzle_migrations"',
  columns: ["hash", "created_at"],
  async read(session, files) {
    const rows = await session.ask<{ hash: string }>('select hash from drizzle."__drizzle_migrations" order by created_at, id');
    const known = new Map(files.map((file) => [file.digest, file]));
    // The table of another folder.
    if (!rows.some(({ hash }) => known.has(hash))) return [];
    return rows.flatMap<Taken | Unfinished>(({ hash }) => {
      const file = known.get(hash);
      return file === undefined
        ? [{ migration: `the one with the hash ${hash.slice(0, 12)}` }]
        : [{ file, appliedAt: null, edited: false }];
    });
  },
};
