import { defineErrors, error } from "../errors/definition.js";

/** What can be wrong with a command line. */
export const cliErrors = defineErrors({
  CLI_USAGE_INVALID: error<{ problem: string; help: string }>({
    status: 400,
    retryable: false,
    message: ({ problem }) => problem,
    hint: ({ help }) => `See \`${help}\`.`,
  }),
  CLI_NOTHING_UNDER_WAY: error<{ environment: string }>({
    status: 404,
    retryable: false,
    message: ({ environment }) => `No deployment is under way in ${environment}.`,
    hint: () => "See `history` for those that have ended.",
  }),
  CLI_NOTHING_DEPLOYED: error<{ environment: string }>({
    status: 404,
    retryable: false,
    message: ({ environment }) => `Nothing has been deployed to ${environment} yet.`,
    hint: () => "Begin with `deploy`, or with `adopt` if a release serves already.",
  }),
  CLI_INTERRUPTED: error<{ signal: string }>({
    status: 499,
    retryable: false,
    message: ({ signal }) => `Interrupted by ${signal}.`,
    hint: () => "Nothing was changed. Run it again whenever you like.",
  }),
});
