import { defineErrors, error, type MigrationPhase } from "@fairlead/core";
import { codeErrors } from "./code-errors.js";
import { diffErrors } from "./diff-errors.js";

/** What can be wrong with the database and the connection to it. */
const databaseErrors = defineErrors({
  POSTGRES_URL_INVALID: error<{ secret: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ secret, problem }) => `The secret ${secret} is no address of a PostgreSQL database: ${problem}`,
    hint: () =>
      "Write postgres://user:password@host:5432/database, and percent-encode what else than letters and digits is in user and password.",
  }),
  POSTGRES_UNREACHABLE: error<{ database: string; problem: string }>({
    status: 503,
    retryable: true,
    message: ({ database, problem }) => `${database} cannot be reached: ${problem}`,
    hint: () => "Check that the server runs and that this machine may connect to it.",
  }),
  POSTGRES_FULL: error<{ database: string; problem: string }>({
    status: 503,
    retryable: true,
    message: ({ database, problem }) => `${database} takes no more connections: ${problem}`,
    hint: () => "End connections that nobody needs, raise `max_connections`, or deploy again when there are fewer. Migrations need two.",
  }),
  POSTGRES_LOGIN_REFUSED: error<{ database: string; user: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ database, user, problem }) => `${database} does not let ${user} in: ${problem}`,
    hint: () => "Check user and password in the secret, and what pg_hba.conf says about this machine.",
  }),
  POSTGRES_DATABASE_MISSING: error<{ database: string }>({
    status: 502,
    retryable: false,
    message: ({ database }) => `There is no database ${database}.`,
    hint: () => "Create it, or mend its name in the secret.",
  }),
  POSTGRES_CONNECTION_LOST: error<{ database: string; problem: string }>({
    status: 503,
    retryable: true,
    message: ({ database, problem }) => `The connection to ${database} was lost: ${problem}`,
    hint: () => "What was not committed is gone; what was applied is read again before anything is done.",
  }),
  POSTGRES_PRIVILEGE_MISSING: error<{ database: string; user: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ database, user, problem }) => `${user} may not do this in ${database}: ${problem}`,
    hint: () =>
      "Grant it: what Fairlead writes down is in a schema of its own, which needs CREATE on the database, or a schema that belongs to the user.",
  }),
  POSTGRES_READ_ONLY: error<{ database: string }>({
    status: 409,
    retryable: false,
    message: ({ database }) => `${database} takes no changes: it is a replica, or set to read-only.`,
    hint: () => "Put the address of the primary into the secret.",
  }),
  POSTGRES_STATEMENT_FAILED: error<{ database: string; problem: string; sqlState: string }>({
    status: 502,
    retryable: false,
    message: ({ database, problem, sqlState }) => `${database} refused a statement of Fairlead's own: ${problem} (${sqlState})`,
    hint: () => "Report it, with the version of the server.",
  }),
  POSTGRES_LEDGER_UNKNOWN: error<{ schema: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ schema, problem }) => `The schema "${schema}" does not hold a ledger that can be used: ${problem}`,
    hint: () => "Update @fairlead/plugin-postgres, or name another schema with `schema`. It was left as it is.",
  }),
});

/** What can be wrong with migrations. */
const migrationErrors = defineErrors({
  POSTGRES_FOLDER_UNREADABLE: error<{ folder: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ folder, problem }) => `The migrations in ${folder} cannot be read: ${problem}`,
    hint: () => "Mend `migrations`: a folder, relative to where the process runs.",
  }),
  POSTGRES_MIGRATION_NAME_INVALID: error<{ name: string }>({
    status: 400,
    retryable: false,
    message: ({ name }) => `"${name}" is no name for a migration.`,
    hint: () => "Say in a few words what it does, at most 100 letters and digits: add-orders.",
  }),
  POSTGRES_NEW_REFUSED: error<{ folder: string; tool: string }>({
    status: 409,
    retryable: false,
    message: ({ folder, tool }) => `${folder} is a folder of ${tool}'s, which has migrations of its own form.`,
    hint: ({ tool }) =>
      tool === "Drizzle" ? "Let it make the migration: `drizzle-kit generate --custom --name …`." : `Let ${tool} make the migration.`,
  }),
  POSTGRES_MIGRATIONS_INVALID: error<{ problems: readonly { migration: string; message: string; hint: string }[] }>({
    status: 409,
    retryable: false,
    message: ({ problems }) => problems.map(({ migration, message, hint }) => `${migration}: ${message} ${hint}`).join("\n"),
    hint: () => "Mend what is named; nothing has been applied.",
  }),
  POSTGRES_MIGRATION_CHANGED: error<{ migration: string; file: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, file }) => `${migration} is not what was planned: ${file} has another text now.`,
    hint: () => "Deploy again, so that what runs is what was shown, or put the planned text back.",
  }),
  POSTGRES_MIGRATION_MISSING: error<{ migration: string; folder: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, folder }) => `${migration} was planned, and is neither applied nor in ${folder}.`,
    hint: () => "Run it where the files of the release are.",
  }),
  POSTGRES_MIGRATION_FAILED: error<{
    migration: string;
    /** With line and column, where the server says them. */
    at: string;
    problem: string;
    sqlState: string;
    /** The statement that failed, in one line, at most 300 characters; `null` where it is not known. */
    statement: string | null;
    /** Whether all of it was taken back. */
    undone: boolean;
    /** How many of its statements are in effect, of a file that does not run in one transaction. */
    kept: number;
  }>({
    status: 409,
    retryable: false,
    message: ({ at, problem, sqlState, statement }) => `${at}: ${problem} (${sqlState})${statement === null ? "" : `, in: ${statement}`}`,
    hint: ({ undone, kept }) =>
      undone
        ? "Nothing of it was kept, what ran before it was. Mend it and deploy again."
        : kept > 0
          ? `Its statements before this one are in effect (${String(kept)}), as it cannot run in one transaction. Mend this one and deploy again: it goes on here.`
          : "It does not run in one transaction, so that some of it may be in effect. Look, and see the next plan for how to go on.",
  }),
  POSTGRES_MIGRATION_NEEDS_NO_TRANSACTION: error<{ migration: string; at: string; problem: string }>({
    status: 409,
    retryable: false,
    message: ({ at, problem }) => `${at}: ${problem}`,
    hint: () =>
      "Nothing of it was kept. Move the statement to a file of its own that begins with `-- fairlead: no-transaction`, and deploy again.",
  }),
  POSTGRES_PHASE_PENDING: error<{ phase: MigrationPhase; missing: readonly MigrationPhase[]; migrations: readonly string[] }>({
    status: 412,
    retryable: false,
    message: ({ phase, missing, migrations }) =>
      `What is of the phase ${phase} does not run before what is pending of ${missing.join(" and ")}: ${migrations.join(", ")}.`,
    hint: ({ missing }) => `Ask for ${missing.join(" and ")} too, or for all phases: they run in their order.`,
  }),
  POSTGRES_REPAIR_REFUSED: error<{ migration: string; decision: string; state: string }>({
    status: 412,
    retryable: false,
    message: ({ migration, decision, state }) => `${migration} cannot be written down as ${decision}: it is ${state}.`,
    hint: () =>
      "`edited` is for what is applied; `applied` and `failed` are for what has begun and not ended, or failed. For what was never run there is `baseline`.",
  }),
  POSTGRES_TABLES_BUSY: error<{ migration: string; waited: string; tries: number; problem: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, waited, tries, problem }) =>
      `${migration} did not get the locks that it needs within ${waited} (${String(tries)} tries): ${problem}`,
    hint: () =>
      "Find who holds them (select * from pg_stat_activity where xact_start is not null order by xact_start), deploy when they have ended, or raise `patience`.",
  }),
  POSTGRES_MIGRATIONS_BUSY: error<{ waited: string; holder: string }>({
    status: 409,
    retryable: false,
    message: ({ waited, holder }) => `Waited ${waited} for other migrations to end: ${holder}.`,
    hint: () => "Deploy again when they have ended, or raise `patience`.",
  }),
  POSTGRES_LEASE_LOST: error<{ database: string }>({
    status: 409,
    retryable: true,
    message: ({ database }) =>
      `Another process has taken over the migrations of ${database}: this one was silent for longer than its lease.`,
    hint: () =>
      "What was not committed is gone, and the other process goes on. Deploy again; raise `lease` if this machine stands still for so long.",
  }),
  POSTGRES_TOOL_UNFINISHED: error<{ tool: string; table: string; migration: string }>({
    status: 409,
    retryable: false,
    message: ({ tool, table, migration }) =>
      `${tool} has not brought ${migration} to its end, or it is not in the folder: ${table} says so.`,
    hint: () => "Finish it with that tool, or mend its ledger. What it has applied is taken over then.",
  }),
  POSTGRES_MIGRATION_NOT_APPLIED: error<{ migration: string; state: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, state }) => `${migration} cannot be taken back: it is ${state}.`,
    hint: () => "Name migrations that are applied, see `status`. Nothing has been taken back.",
  }),
  POSTGRES_NO_WAY_BACK: error<{ migration: string }>({
    status: 409,
    retryable: false,
    message: ({ migration }) => `${migration} has no way back: none was kept when it was applied.`,
    hint: () => "Write a new migration that does it. Nothing has been taken back.",
  }),
  POSTGRES_OPTIONS_INVALID: error<{ problems: readonly { option: string; problem: string }[] }>({
    status: 500,
    retryable: false,
    message: ({ problems }) => problems.map(({ option, problem }) => `The option ${option} cannot be used: ${problem}`).join("\n"),
    hint: () => "Mend what is named; the database has not been asked anything.",
  }),
  POSTGRES_MIGRATION_UNKNOWN: error<{ migration: string; folder: string }>({
    status: 404,
    retryable: false,
    message: ({ migration, folder }) => `There is no migration ${migration} in ${folder}.`,
    hint: () => "Write its name as `status` has it.",
  }),
  POSTGRES_FIX_REFUSED: error({
    status: 400,
    retryable: false,
    message: () => "Nothing was mended: a migration that has been applied and then changes counts as edited.",
    hint: () => "Name an environment, of which what is pending is mended, or the migrations themselves with --only.",
  }),
  POSTGRES_POOLED: error<{ migration: string; problem: string; database: string }>({
    status: 409,
    retryable: false,
    message: ({ migration, problem, database }) =>
      `${migration} needs a connection of its own: ${problem}; ${database} is a connection pooler.`,
    hint: () => "Put the direct address of the database into the secret (at Neon: the host without -pooler).",
  }),
});

/** What can be wrong with a store. */
const storeErrors = defineErrors({
  POSTGRES_STORE_SCHEMA_INVALID: error<{ schema: string }>({
    status: 500,
    retryable: false,
    message: ({ schema }) => `A store cannot be kept in a schema "${schema}".`,
    hint: () =>
      "Name a schema of its own, of at most 63 lower-case letters, digits and _, not beginning with a digit or pg_, and neither public nor that of the migrator.",
  }),
  POSTGRES_STORE_UNSUITABLE: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} cannot be used as it is set up: ${problem}`,
    hint: () =>
      "A store needs a database with the encoding UTF8 and a role whose transactions begin as read committed: alter role … set default_transaction_isolation = 'read committed'.",
  }),
});

/** What the PostgreSQL plugin may throw. None of it holds the password. */
export const postgresErrors = defineErrors({ ...databaseErrors, ...migrationErrors, ...codeErrors, ...diffErrors, ...storeErrors });

declare module "@fairlead/core" {
  interface ErrorRegistry {
    readonly postgres: typeof postgresErrors;
  }
}
