import { byVersion, momentOf, sameVersion, type Tool } from "./tool.js";

/** Tools whose table has a row for each version that is applied. `when` is the column that says since when. */
function versionTool(name: string, table: string, columns: readonly string[], when?: string): Tool {
  return {
    name,
    table,
    columns: ["version", ...columns, ...(when === undefined ? [] : [when])],
    async read(session, files) {
      const rows = await session.ask<{ version: string; at: string | null }>(
        `select version::text as version, ${when === undefined ? "null" : momentOf(`${when}::timestamptz`)} as at from ${table} order by 1`,
      );
      const known = byVersion(files);
      return rows.flatMap(({ version, at }) => {
        const file = known.get(sameVersion(version));
        return file === undefined ? [] : [{ file, appliedAt: at, edited: false }];
      });
    },
  };
}

export const dieselTool = versionTool("Diesel", "__diesel_schema_migrations", [], "run_on");
export const supabaseTool = versionTool("Supabase", "supabase_migrations.schema_migrations", ["statements"]);
export const dbmateTool = versionTool("dbmate", "schema_migrations", []);
