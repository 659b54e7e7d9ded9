import { defineErrors, error } from "./definition.js";

/** Why a call of a deployer is refused, and why a wish to deploy is not recorded. Part of `coreErrors`. */
export const requestErrors = defineErrors({
  CALL_INVALID: error<{ call: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ call, problem }) => `\`${call}\` cannot be called like that: ${problem}.`,
    hint: () => "Call it as its type says; nothing has been done.",
  }),
  REQUEST_KEY_REUSED: error<{ key: string; id: string }>({
    status: 422,
    retryable: false,
    message: ({ key, id }) => `The key ${key} stands for another request already (${id}).`,
    hint: () => "Use a new key for what is new, and an old one only to ask for the same again.",
  }),
  REQUEST_NEEDS_IMAGE: error<{ environment: string; component: string }>({
    status: 422,
    retryable: false,
    message: ({ environment, component }) =>
      `${component} in ${environment} is made from a folder, which a worker elsewhere does not have.`,
    hint: () => "Deploy it by the command line, or build an image and name that as its `source`.",
  }),
  REQUEST_EXPIRED: error<{ id: string; problem: string }>({
    status: 504,
    retryable: true,
    message: ({ id, problem }) => `${id} could not begin in time: ${problem}`,
    hint: () => "Mend what kept it, and ask again.",
  }),
});
