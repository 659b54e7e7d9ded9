import { defineErrors, error } from "@fairlead/core";

/** What can be wrong where two schemas are compared. */
export const diffErrors = defineErrors({
  POSTGRES_DIFF_MISSING: error<{ problem: string }>({
    status: 500,
    retryable: false,
    message: ({ problem }) => `SQL made from two schemas needs @supabase/pg-delta, which cannot be loaded: ${problem}`,
    hint: () => "Install it beside @fairlead/plugin-postgres, in the version that it names as its peer: 1.0.0-alpha.34.",
  }),
  POSTGRES_DIFF_SAME: error<{ side: string }>({
    status: 400,
    retryable: false,
    message: ({ side }) => `From and to are the same: ${side}.`,
    hint: () => 'Name two: "folder", "database", or the address of another database.',
  }),
  POSTGRES_DIFF_SIDE: error<{ option: "from" | "to" }>({
    status: 400,
    retryable: false,
    message: ({ option }) => `What stands behind \`${option}\` is neither "folder" nor "database" nor an address (postgres://…).`,
    hint: () => "The database of another environment is named by its address.",
  }),
  POSTGRES_DIFF_TO_FOLDER: error({
    status: 400,
    retryable: false,
    message: () => "No migration was written: what leads to what the folder makes cannot stand behind all of the folder.",
    hint: () => "Look at the SQL without --output, or turn round --from and --to.",
  }),
  POSTGRES_DIFF_UNAVAILABLE: error<{ folder: string; problem: string }>({
    status: 409,
    retryable: false,
    message: ({ folder, problem }) => `What the migrations of ${folder} make cannot be looked at: ${problem}`,
    hint: () =>
      "They are run on an empty scratch database: mend the migration, let the role create databases, or name another server with `shadow`.",
  }),
  POSTGRES_DIFF_FAILED: error<{ problem: string }>({
    status: 500,
    retryable: false,
    message: ({ problem }) => `No SQL could be made of the two schemas: ${problem}`,
    hint: () => "Write this migration by hand; `verify` names the objects that differ.",
  }),
  POSTGRES_DIFF_PENDING: error<{ migrations: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ migrations }) => `No migration was written: it would undo what is pending: ${migrations.join(", ")}.`,
    hint: () =>
      "Apply that first, or count it as applied with `migrations baseline` where the database has it. Without --output the SQL is shown.",
  }),
  POSTGRES_DIFF_WRONG: error<{ problem: string }>({
    status: 409,
    retryable: false,
    message: ({ problem }) => `No migration was written: on a scratch database its SQL did not make what it was to make: ${problem}`,
    hint: () => "Look at the SQL without --output, and write the migration by hand.",
  }),
});
