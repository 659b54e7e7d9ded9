import { defineErrors, error } from "./definition.js";

/** What a name of a secret is refused with. Part of `coreErrors`. */
export const secretErrors = defineErrors({
  SECRET_NAME_INVALID: error<{ name: string }>({
    status: 500,
    retryable: false,
    message: ({ name }) => `${JSON.stringify(name)} is not a name for a secret.`,
    hint: () =>
      'Begin with a letter or an underscore and go on with letters, digits and _ . : / @ -, at most 200 in all, e.g. secret("DATABASE_URL").',
  }),
});
