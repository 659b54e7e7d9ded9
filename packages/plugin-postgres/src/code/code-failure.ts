import { isFairleadError } from "@fairlead/core";
import { readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { MigrationFailure } from "../ledger/entry.js";
import { shorten } from "../transaction/locate.js";
import type { Runner } from "../transaction/runner.js";
import { rollBackAll } from "../transaction/transaction.js";
import type { Asked } from "./queries.js";

/** What the code of a migration does wrong itself. */
const ownFaults: readonly string[] = ["POSTGRES_BATCHES_IN_TRANSACTION", "POSTGRES_BATCHES_AT_ONCE"];

/** Says itself what is wrong, and is no failure of the migration's statements. */
export function isOurs(error: unknown): boolean {
  return isFairleadError(error) && !ownFaults.includes(error.code);
}

/** What cannot be asked through a pooler. */
export function isRefusal(error: unknown): boolean {
  return isFairleadError(error) && error.code === "POSTGRES_POOLED";
}

/** What was refused keeps nothing of what ran before it. */
export async function refusedOf(session: Session, error: unknown): Promise<never> {
  if (isRefusal(error)) await rollBackAll(session);
  throw error;
}

/** What became of it where it failed, by the server or by what it threw itself; without secrets. */
export function codeFailureOf(
  { redact }: Runner,
  { path }: MigrationFile,
  error: unknown,
  asked: Asked,
): MigrationFailure & { readonly statement: string | null } {
  const server = readServerError(error);
  const sql = error instanceof Error ? asked.get(error) : undefined;
  const statement = server === undefined || sql === undefined ? null : redact(shorten(sql));
  const problem = server?.message ?? (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return { at: path, statement, problem: redact(problem), sqlState: server?.code ?? "none" };
}
