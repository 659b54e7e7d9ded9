import { defineErrors, error } from "./definition.js";

/** Why a message did not get through. Part of `coreErrors`. */
export const notifierErrors = defineErrors({
  NOTIFIER_UNANSWERED: error<{ channel: string; after: string }>({
    status: 504,
    retryable: true,
    message: ({ channel, after }) => `${channel} did not answer within ${after}.`,
    hint: () => "Nothing to do if this passes: the message is kept and tried again. If it stays, look whether the channel is up.",
  }),
  NOTIFIER_CHANNEL_GONE: error<{ channel: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ channel, problem }) => `The channel ${channel} does not exist any more: ${problem}`,
    hint: () => "Make a new webhook or invite, and put its address into the secret.",
  }),
});
