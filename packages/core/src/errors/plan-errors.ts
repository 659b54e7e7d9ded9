import { defineErrors, error } from "./definition.js";

/** Why no plan can be made of what there is. Part of `coreErrors`. */
export const planErrors = defineErrors({
  STEP_NOT_UNIQUE: error<{ step: string; operations: readonly string[] }>({
    status: 500,
    retryable: false,
    message: ({ step, operations }) => `The plan has ${String(operations.length)} steps called ${step}: ${operations.join(" and ")}.`,
    hint: () => "Give the component, the plugin or its step another name; nothing has been touched.",
  }),
});
