import { byVersion, momentOf, sameVersion, type Tool } from "./tool.js";

interface Row {
  readonly version: string;
  readonly at: string | null;
  /** Where the tool keeps it. */
  readonly name: string | null;
}

/** A moment is a migration's own; a small number is that of many. */
function isSame(id: string, version: string, name: string | null): boolean {
  return version.length >= 14 || name === null || id.endsWith(`_${name}`);
}

/** Tools whose table has a row for each version that is applied. `when` is the column that says since when. */
function versionTool(
  name: string,
  table: string,
  {
    columns = [],
    without = [],
    when,
  }: { readonly columns?: readonly string[]; readonly without?: readonly string[]; readonly when?: string },
): Tool {
  return {
    name,
    table,
    without,
    columns: ["version", ...columns, ...(when === undefined ? [] : [when])],
    async read(session, files) {
      const rows = await session.ask<Row>(
        `select version::text as version, ${when === undefined ? "null" : momentOf(`${when}::timestamptz`)} as at, to_jsonb(kept) ->> 'name' as name from ${table} as kept`,
      );
      const known = byVersion(files);
      const taken = rows.flatMap(({ version, at, name }) => {
        const file = known.get(sameVersion(version));
        return file === undefined || !isSame(file.id, version, name) ? [] : [{ file, appliedAt: at, edited: false }];
      });
      // Versions are text: 10 would come before 9.
      return taken.sort((one, other) => files.indexOf(one.file) - files.indexOf(other.file));
    },
  };
}

export const dieselTool = versionTool("Diesel", "__diesel_schema_migrations", { when: "run_on" });
export const supabaseTool = versionTool("Supabase", "supabase_migrations.schema_migrations", { columns: ["statements"] });
export const dbmateTool = versionTool("dbmate", "schema_migrations", { without: ["dirty", "inserted_at"] });
