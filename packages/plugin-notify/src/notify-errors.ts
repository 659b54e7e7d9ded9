import { defineErrors, error } from "@fairlead/core";

/** Errors of the channels. None of them holds an address: a webhook's address is its secret. */
export const notifyErrors = defineErrors({
  NOTIFIER_UNREACHABLE: error<{ channel: string; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ channel, problem }) => `${channel} cannot be reached (${problem}).`,
    hint: () =>
      "Nothing to do if this passes: the message is kept and tried again. If it stays, check the address and this machine's network.",
  }),
  NOTIFIER_BUSY: error<{ channel: string; answer: number }>({
    status: 503,
    retryable: true,
    message: ({ channel, answer }) => `${channel} does not take the message now (${answer}).`,
    hint: () => "Nothing to do if this passes: the message is kept and tried again when the channel said so.",
  }),
  NOTIFIER_REFUSED: error<{ channel: string; answer: string }>({
    status: 502,
    retryable: false,
    message: ({ channel, answer }) => `${channel} refuses the message: ${answer}.`,
    hint: () => "Check the address and the rights of the channel; the message is kept as a dead letter.",
  }),
  NOTIFIER_ANSWER_STRANGE: error<{ channel: string; answer: string }>({
    status: 502,
    retryable: false,
    message: ({ channel, answer }) => `${channel} answered with something that is no acknowledgement: ${answer}.`,
    hint: () => "Check that the secret holds the address of a webhook, not of a page.",
  }),
  NOTIFIER_SECRET_MALFORMED: error<{ channel: string; secret: string; expected: string }>({
    status: 500,
    retryable: false,
    message: ({ channel, secret, expected }) => `The secret ${secret} of ${channel} is not ${expected}.`,
    hint: () => "Put the right value into the secret.",
  }),
  NOTIFIER_LIBRARY_MISSING: error<{ library: string }>({
    status: 500,
    retryable: false,
    message: ({ library }) => `The package "${library}" is not installed, and e-mail needs it.`,
    hint: ({ library }) => `Install it beside @fairlead/plugin-notify: npm install ${library}`,
  }),
});

declare module "@fairlead/core" {
  interface ErrorRegistry {
    readonly notify: typeof notifyErrors;
  }
}
