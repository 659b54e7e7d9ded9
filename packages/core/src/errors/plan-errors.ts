import { defineErrors, error } from "./definition.js";

/** Why no plan can be made of what there is. Part of `coreErrors`. */
export const planErrors = defineErrors({
  SOURCE_EMPTY: error<{ component: string; path: string }>({
    status: 400,
    retryable: false,
    message: ({ component, path }) => `The source of "${component}" has no files: ${path} would be deployed as nothing.`,
    hint: () => "Build it first, or mend the path; what serves is left as it is.",
  }),
  SOURCE_UNCHECKED: error<{ environment: string; repository: string; problem: string }>({
    status: 409,
    retryable: false,
    message: ({ environment, repository, problem }) =>
      `Whether ${repository} differs from its commit, which ${environment} does not accept, git does not say: ${problem}.`,
    hint: ({ repository, problem }) =>
      problem.includes("dubious ownership")
        ? `Let git trust it: \`git config --global --add safe.directory ${repository}\`.`
        : "Mend what keeps git from answering, or say `allowDirty: true` for this environment.",
  }),
  STEP_NOT_UNIQUE: error<{ step: string; operations: readonly string[] }>({
    status: 500,
    retryable: false,
    message: ({ step, operations }) => `The plan has ${String(operations.length)} steps called ${step}: ${operations.join(" and ")}.`,
    hint: () => "Give the component, the plugin or its step another name; nothing has been touched.",
  }),
});
