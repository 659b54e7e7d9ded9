import { momentOf, type Tool } from "./tool.js";

export const nodePgMigrateTool: Tool = {
  name: "node-pg-migrate",
  table: "pgmigrations",
  columns: ["name", "run_on"],
  async read(session, files) {
    const rows = await session.ask<{ name: string; at: string | null }>(
      `select name, ${momentOf("run_on::timestamptz")} as at from pgmigrations order by run_on, id`,
    );
    const known = new Map(files.map((file) => [file.id, file]));
    return rows.flatMap(({ name, at }) => {
      const file = known.get(name);
      return file === undefined ? [] : [{ file, appliedAt: at, edited: false }];
    });
  },
};
