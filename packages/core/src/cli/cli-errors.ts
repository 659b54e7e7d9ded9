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
  CLI_STALLED: error({
    status: 500,
    retryable: false,
    message: () => "The command has not come to its end, and nothing is left that it could wait for.",
    hint: () =>
      "A plugin, a secret source or a store has dropped what it was asked: it answers neither with a value nor with an error. `doctor` may tell which.",
  }),
  CLI_INTERRUPTED: error<{ signal: string }>({
    status: 499,
    retryable: false,
    message: ({ signal }) => `Interrupted by ${signal}.`,
    hint: () => "Nothing was changed. Run it again whenever you like.",
  }),
  CLI_STOPPED: error<{ signal: string }>({
    status: 499,
    retryable: false,
    message: ({ signal }) => `Stopped by ${signal}.`,
    hint: () => "What had ended is as it is; what was under way was told to stop. Look what there is of it, and run it again to go on.",
  }),
});
