import type { Tool } from "./tool.js";

/** It keeps the last version alone, and whether that one failed. The file of that version may be in another checkout. */
export const golangMigrateTool: Tool = {
  name: "golang-migrate",
  table: "schema_migrations",
  columns: ["version", "dirty"],
  async read(session, files) {
    const [row] = await session.ask<{ version: string; dirty: boolean }>("select version::text as version, dirty from schema_migrations");
    if (row === undefined) return [];
    const last = BigInt(row.version);
    if (row.dirty) return [{ migration: files.find(({ id }) => numberOf(id) === last)?.id ?? `version ${row.version}` }];
    return files.filter(({ id }) => (numberOf(id) ?? last + 1n) <= last).map((file) => ({ file, appliedAt: null, edited: false }));
  },
};

function numberOf(id: string): bigint | undefined {
  const digits = /^\d+/.exec(id)?.[0];
  return digits === undefined ? undefined : BigInt(digits);
}
