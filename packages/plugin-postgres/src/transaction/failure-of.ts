import type { ServerError } from "../connection/server-error.js";
import type { MigrationFile } from "../folder/migration-file.js";
import type { MigrationFailure } from "../ledger/entry.js";
import { locate } from "./locate.js";
import type { Runner } from "./runner.js";

/** What the server said against a file, and where in it, without secrets. The first `skipped` statements of the file were not sent. */
export async function failureOf(
  { redact }: Pick<Runner, "redact">,
  file: MigrationFile,
  server: ServerError,
  skipped = 0,
): Promise<MigrationFailure & { readonly statement: string | null }> {
  const { at, statement } = await locate(file, server, skipped);
  return { at, statement: statement === null ? null : redact(statement), problem: redact(server.message), sqlState: server.code };
}
