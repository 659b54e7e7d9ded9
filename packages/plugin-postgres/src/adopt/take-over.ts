import { fail } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { postgresErrors } from "../postgres-errors.js";
import { dbmateTool, dieselTool, supabaseTool } from "./by-version.js";
import { drizzleTool } from "./drizzle.js";
import { flywayTool } from "./flyway.js";
import { golangMigrateTool } from "./golang-migrate.js";
import { gooseTool } from "./goose.js";
import { nodePgMigrateTool } from "./node-pg-migrate.js";
import { prismaTool } from "./prisma.js";
import type { Taken, Tool } from "./tool.js";

/** Those of the same table stand in the order in which they are to be told apart. */
const tools: readonly Tool[] = [
  prismaTool,
  drizzleTool,
  flywayTool,
  gooseTool,
  dieselTool,
  nodePgMigrateTool,
  supabaseTool,
  golangMigrateTool,
  dbmateTool,
];

/** The ledgers of all of them, as they are written in SQL. */
export const toolTables: readonly string[] = tools.map(({ table }) => table);

/** What another tool has applied of a folder. */
export interface TakenOver {
  readonly tool: string;
  /** Its ledger. */
  readonly table: string;
  readonly taken: readonly Taken[];
}

/**
 * What another tool has applied of these files, where they are written as that tool has them and its ledger is in the database. Nothing where there is none that knows any of them. Changes nothing. Rejects with `POSTGRES_TOOL_UNFINISHED` where that tool
 * has not brought a migration to its end.
 */
export async function findTakenOver(session: Session, files: readonly MigrationFile[]): Promise<TakenOver | undefined> {
  if (files.length === 0) return undefined;
  for (const tool of await toolsIn(session)) {
    // The ledger of another folder knows files with the same numbers.
    const own = files.filter(({ tools: made }) => made.includes(tool.name));
    if (own.length === 0) continue;
    const rows = await tool.read(session, own);
    const unfinished = rows.find((row) => "migration" in row);
    if (unfinished !== undefined)
      throw fail(postgresErrors, "POSTGRES_TOOL_UNFINISHED", { tool: tool.name, table: tool.table, migration: unfinished.migration });
    const taken = rows.filter((row) => "file" in row);
    if (taken.length > 0) return { tool: tool.name, table: tool.table, taken };
  }
  return undefined;
}

async function toolsIn(session: Session): Promise<readonly Tool[]> {
  const rows = await session.ask<{ table: string; column: string }>(
    `select wanted.name as table, a.attname as column from unnest($1::text[]) as wanted (name)
       join pg_attribute a on a.attrelid = to_regclass(wanted.name) where a.attnum > 0 and not a.attisdropped`,
    [[...new Set(tools.map(({ table }) => table))]],
  );
  const known = new Set(rows.map(({ table, column }) => `${table} ${column}`));
  return tools.filter(({ table, columns, without = [] }) => {
    const has = (column: string): boolean => known.has(`${table} ${column}`);
    return columns.every(has) && !without.some(has);
  });
}
