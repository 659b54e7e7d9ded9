import { defineErrors, error } from "./definition.js";

/** What the judge refuses, and what a source of metrics says. Part of `coreErrors`. */
export const analysisErrors = defineErrors({
  ANALYSIS_INVALID: error<{ option: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ option, problem }) => `The option \`${option}\` of the analysis is not valid: ${problem}`,
    hint: () => "Mend the option, or leave it out: most have a default.",
  }),
  METRICS_UNREACHABLE: error<{ source: string; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ source, problem }) => `${source} cannot be asked (${problem}).`,
    hint: () =>
      "Nothing to do if this passes: it is asked again at the next look. If it stays, check the address and this machine's network.",
  }),
  METRICS_BUSY: error<{ source: string; answer: string }>({
    status: 503,
    retryable: true,
    message: ({ source, answer }) => `${source} does not answer now: ${answer}.`,
    hint: () => "Nothing to do if this passes: it is asked again at the next look.",
  }),
  METRICS_REFUSED: error<{ source: string; answer: string }>({
    status: 502,
    retryable: false,
    message: ({ source, answer }) => `${source} refuses the query: ${answer}.`,
    hint: () => "Try the query by hand, and check what the source is asked with.",
  }),
  METRICS_ANSWER_STRANGE: error<{ source: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ source, problem }) => `${source} answered something else than numbers: ${problem}`,
    hint: () => "Check that the address is that of the source itself, and that the query answers one number per series.",
  }),
});
