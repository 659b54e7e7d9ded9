import { defineErrors, error } from "@fairlead/core";

/** Errors of the database. None of them holds the address, which is a secret. */
export const postgresErrors = defineErrors({
  POSTGRES_UNREACHABLE: error<{ problem: string }>({
    status: 503,
    retryable: true,
    message: ({ problem }) => `The database cannot be reached (${problem}).`,
    hint: () => "Check that it runs and that this machine may connect to it.",
  }),
  POSTGRES_REFUSED: error<{ problem: string }>({
    status: 502,
    retryable: false,
    message: ({ problem }) => `The database refuses the connection: ${problem}.`,
    hint: () => "Check the user, the password and the name of the database in the secret.",
  }),
  POSTGRES_ADDRESS_MALFORMED: error<{ secret: string }>({
    status: 500,
    retryable: false,
    message: ({ secret }) => `The secret ${secret} is no address of a PostgreSQL database.`,
    hint: () => "Put postgres://user:password@host:5432/database into it.",
  }),
  POSTGRES_FOLDER_UNREADABLE: error<{ folder: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ folder, problem }) => `The migrations cannot be read in ${folder}: ${problem}.`,
    hint: () => "Mend the path in `migrations`; it is meant from where the process runs.",
  }),
  POSTGRES_DIRECTIVE_UNKNOWN: error<{ file: string; line: number; directive: string }>({
    status: 500,
    retryable: false,
    message: ({ file, line, directive }) => `${file}:${line}: "${directive}" is no directive.`,
    hint: () => "There are: -- fairlead: expand | backfill | contract, and -- fairlead: code-only | needs-down | irreversible.",
  }),
  POSTGRES_MIGRATION_CHANGED: error<{ migration: string }>({
    status: 409,
    retryable: false,
    message: ({ migration }) => `${migration} is not the file that was planned.`,
    hint: () => "Put the planned text back, or deploy again so that what runs is what was shown.",
  }),
  POSTGRES_MIGRATION_FAILED: error<{ migration: string; line: number | null; column: number | null; problem: string; sqlState: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, line, column, problem, sqlState }) =>
      `${migration}${line === null ? "" : `:${line}:${column ?? 1}`}: ${problem} (${sqlState}).`,
    hint: () => "Nothing of this migration was kept, those before it were. Mend it and deploy again.",
  }),
  POSTGRES_MIGRATION_ENDS_TRANSACTION: error<{ migration: string }>({
    status: 409,
    retryable: false,
    message: ({ migration }) => `${migration} ends its own transaction, so it could stay half done.`,
    hint: () => "Remove BEGIN, COMMIT and ROLLBACK: every migration runs in a transaction of its own.",
  }),
  POSTGRES_BUSY_RELATION: error<{ migration: string; waited: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, waited }) => `${migration} could not get its locks within ${waited}: something else uses the tables.`,
    hint: () => "Find the long transaction (pg_stat_activity), or deploy when it has ended.",
  }),
});

declare module "@fairlead/core" {
  interface ErrorRegistry {
    readonly postgres: typeof postgresErrors;
  }
}
