import { defineErrors, error } from "@fairlead/core";

/** What fake targets and fake routers throw. */
export const fakeErrors = defineErrors({
  FAKE_TARGET_FAILED: error<{ method: string }>({
    status: 503,
    retryable: true,
    message: ({ method }) => `The fake target was told to fail ${method}.`,
    hint: () => "Look at the faults of the test.",
  }),
  FAKE_CANDIDATE_GONE: error<{ candidate: string }>({
    status: 404,
    retryable: false,
    message: ({ candidate }) => `There is no candidate ${candidate}.`,
    hint: () => "Prepare it again.",
  }),
  FAKE_CANDIDATE_SERVES: error<{ candidate: string }>({
    status: 409,
    retryable: false,
    message: ({ candidate }) => `${candidate} serves and is not removed.`,
    hint: () => "Promote another one first.",
  }),
  FAKE_PROVIDER_FOREIGN: error({
    status: 500,
    retryable: false,
    message: () => "This is not a provider made by `createFakeProvider`.",
    hint: () => "Make one with `createFakeProvider()`, or leave it out.",
  }),
  FAKE_TRAFFIC_FAILED: error<{ method: string }>({
    status: 503,
    retryable: true,
    message: ({ method }) => `The fake router was told to fail ${method}.`,
    hint: () => "Look at the faults of the test.",
  }),
  FAKE_SHARES_REFUSED: error<{ problem: string }>({
    status: 409,
    retryable: false,
    message: ({ problem }) => `The fake router does not send such shares: ${problem}.`,
    hint: () => "Open a shift between both candidates with these percentages first.",
  }),
});
