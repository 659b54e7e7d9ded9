import { defineErrors, error } from "./definition.js";

/** What `createEnv` refuses. Part of `coreErrors`. */
export const envErrors = defineErrors({
  ENV_INVALID: error<{ problems: readonly { name: string; problem: string; remedy: string }[] }>({
    status: 500,
    retryable: false,
    message: ({ problems }) =>
      `The environment has ${problems.length === 1 ? "a problem" : `${String(problems.length)} problems`}:\n${problems
        .map(({ name, problem, remedy }, index) => `  ${String(index + 1)}. ${name}: ${problem} ${remedy}`)
        .join("\n")}`,
    hint: () => "Mend what is listed where the application is started, or at its target, and start it again.",
  }),
});
