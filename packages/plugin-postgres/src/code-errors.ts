import { defineErrors, error } from "@fairlead/core";

/** What can be wrong with migrations in TypeScript or JavaScript. Part of `postgresErrors`. */
export const codeErrors = defineErrors({
  POSTGRES_CODE_UNUSABLE: error<{ migration: string; path: string; problem: string; hint: string }>({
    status: 409,
    retryable: false,
    message: ({ path, problem }) => `${path} cannot be used: ${problem}`,
    hint: ({ hint }) => hint,
  }),
  POSTGRES_BATCHES_IN_TRANSACTION: error<{ migration: string; path: string }>({
    status: 409,
    retryable: false,
    message: ({ path }) => `${path} runs in one transaction, and its batches would not be kept one by one.`,
    hint: () => "Write `// fairlead: no-transaction` at its beginning.",
  }),
  POSTGRES_BATCHES_AT_ONCE: error<{ migration: string; path: string; running: string }>({
    status: 409,
    retryable: false,
    message: ({ path, running }) => `${path} asks for batches while those of ${running} run, and would be in their transactions.`,
    hint: () => "Wait for the one (`await`) before the others begin.",
  }),
  POSTGRES_CODE_ENDED: error<{ migration: string }>({
    status: 409,
    retryable: false,
    message: ({ migration }) => `The migration ${migration} asks something of the database when its function has ended; it was not run.`,
    hint: () => "Write `await` before whatever asks the database.",
  }),
});
