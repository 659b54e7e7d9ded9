import { defineErrors, error } from "./definition.js";

/** What health refuses, and what it tells a check that takes too long. Part of `coreErrors`. */
export const healthErrors = defineErrors({
  CHECK_TIMEOUT: error<{ check: string; after: string }>({
    status: 504,
    retryable: true,
    message: ({ check, after }) => `The check ${check} gave no answer within ${after}.`,
    hint: () => "Look whether what it asks hangs, or give the check a longer `timeout`.",
  }),
  CHECK_NAME_TAKEN: error<{ check: string }>({
    status: 500,
    retryable: false,
    message: ({ check }) => `There is a check "${check}" already.`,
    hint: () => "Give one of the two another name: the name is what the answer lists it under.",
  }),
  CHECK_INVALID: error<{ check: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ check, problem }) => `The check "${check}" cannot be registered: ${problem}`,
    hint: () => "Mend its declaration.",
  }),
  CHECK_NOT_LOCAL: error<{ check: string }>({
    status: 500,
    retryable: false,
    message: ({ check }) => `The check "${check}" asks about a dependency; liveness must not depend on one.`,
    hint: () =>
      'Pass it in `checks`. Only a check with `kind: "process"` may say that this process is dead: restarting it does not mend what it depends on.',
  }),
  HEALTH_MODE_TAKEN: error<{ mode: "background" | "onDemand" }>({
    status: 500,
    retryable: false,
    message: ({ mode }) => `Health runs ${mode === "background" ? "in the background" : "on demand"} already.`,
    hint: () => "Call `background()` or `onDemand()`, once; `stop()` ends either.",
  }),
  HEALTH_OPTION_INVALID: error<{ option: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ option, problem }) => `The option \`${option}\` of health ${problem}`,
    hint: () => "Mend the option, or leave it out: there is a default.",
  }),
});
