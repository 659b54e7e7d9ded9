import { compareVersions } from "../folder/layouts/flyway.js";
import { momentOf, type Tool } from "./tool.js";

interface Row {
  readonly script: string;
  readonly version: string | null;
  readonly type: string;
  readonly at: string | null;
  readonly success: boolean;
  /** Of its lines; nothing where Flyway keeps none. */
  readonly checksum: number | null;
}

/** The last row of a script counts: what is repeatable has several, and what was taken back has one that says so. */
export const flywayTool: Tool = {
  name: "Flyway",
  table: "flyway_schema_history",
  columns: ["script", "version", "installed_rank", "success", "checksum"],
  async read(session, files) {
    const rows = await session.ask<Row>(
      `select script, version, type, ${momentOf("installed_on::timestamptz")} as at, success, checksum from flyway_schema_history where type in ('SQL', 'BASELINE', 'SQL_BASELINE', 'UNDO_SQL') order by installed_rank`,
    );
    const scripts = new Set(files.map(({ id }) => `${id}.sql`));
    const taken = new Map<string, Pick<Row, "at" | "checksum">>();
    // It stands for all up to its version, which were there before.
    const baseline = rows.findLast(({ type, version, success }) => success && version !== null && type.endsWith("BASELINE"));
    for (const { script, type, at, success, checksum } of rows) {
      if (!success && scripts.has(script)) return [{ migration: script }];
      if (type === "UNDO_SQL") taken.delete(script.replace(/^U/, "V"));
      else taken.set(script, { at, checksum });
    }
    return files.flatMap((file) => {
      const row = taken.get(`${file.id}.sql`) ?? (isBelow(file.id, baseline?.version) ? baseline : undefined);
      if (row === undefined) return [];
      const isKnown = row !== baseline && row.checksum !== null;
      const edited = isKnown && row.checksum !== file.lineChecksum;
      // What is repeatable runs once more where it has changed, or nobody can tell.
      return file.repeatable && (edited || !isKnown) ? [] : [{ file, appliedAt: row.at, edited }];
    });
  },
};

function isBelow(id: string, baseline: string | null | undefined): boolean {
  const version = /^V([\d._]+)__/.exec(id)?.[1];
  if (version === undefined || typeof baseline !== "string") return false;
  return compareVersions(version, baseline) <= 0;
}
