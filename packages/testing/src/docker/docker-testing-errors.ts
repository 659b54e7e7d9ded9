import { defineErrors, error } from "@fairlead/core";

/** What building an image for a test may throw. A machine without an engine is no error: it is an answer. */
export const dockerTestingErrors = defineErrors({
  TESTIMAGE_BUILD_FAILED: error<{ tag: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ tag, problem }) => `The image ${tag} could not be built: ${problem}`,
    hint: () => "Read what the Docker engine says.",
  }),
});
