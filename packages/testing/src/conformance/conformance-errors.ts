import { defineErrors, error } from "@fairlead/core";

/** What a conformance suite refuses before it runs. */
export const conformanceErrors = defineErrors({
  CONFORMANCE_SKIP_INVALID: error<{ suite: string; name: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ suite, name, problem }) => `The suite ${suite} cannot leave out "${name}": ${problem}`,
    hint: () => "Name a case of the suite, and say why what it asks for does not apply.",
  }),
});
