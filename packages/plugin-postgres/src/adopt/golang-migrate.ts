import { byVersion, sameVersion, type Tool } from "./tool.js";

/** It keeps the last version alone, and whether that one failed. */
export const golangMigrateTool: Tool = {
  name: "golang-migrate",
  table: "schema_migrations",
  columns: ["version", "dirty"],
  async read(session, files) {
    const [row] = await session.ask<{ version: string; dirty: boolean }>("select version::text as version, dirty from schema_migrations");
    if (row === undefined) return [];
    const last = byVersion(files).get(sameVersion(row.version));
    if (last === undefined) return [];
    if (row.dirty) return [{ migration: last.id }];
    const count = files.indexOf(last) + 1;
    return files.slice(0, count).map((file) => ({ file, appliedAt: null, edited: false }));
  },
};
