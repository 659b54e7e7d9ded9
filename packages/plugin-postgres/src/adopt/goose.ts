import { byVersion, momentOf, sameVersion, type Tool } from "./tool.js";

/** It keeps going there and back; the last of each version counts. Version 0 is its own. */
export const gooseTool: Tool = {
  name: "goose",
  table: "goose_db_version",
  columns: ["version_id", "is_applied"],
  async read(session, files) {
    const rows = await session.ask<{ version: string; at: string | null; applied: boolean }>(
      `select distinct on (version_id) version_id::text as version, ${momentOf("tstamp::timestamptz")} as at, is_applied as applied
         from goose_db_version where version_id > 0 order by version_id, id desc`,
    );
    const known = byVersion(files);
    return rows.flatMap(({ version, at, applied }) => {
      const file = known.get(sameVersion(version));
      return file === undefined || !applied ? [] : [{ file, appliedAt: at, edited: false }];
    });
  },
};
