import { defineErrors, error } from "./definition.js";

/** Why a command that a plugin brings is not run. Part of `coreErrors`. */
export const commandErrors = defineErrors({
  COMMAND_UNAVAILABLE: error<{ command: string; environment: string | null; known: readonly string[] }>({
    status: 404,
    retryable: false,
    message: ({ command, environment }) =>
      environment === null ? `No plugin has the command ${command}.` : `${environment} uses no plugin that has the command ${command}.`,
    hint: ({ known }) => (known.length === 0 ? "Add the plugin to `plugins`." : `These plugins have it: ${known.join(", ")}.`),
  }),
  COMMAND_AMBIGUOUS: error<{ command: string; plugins: readonly string[] }>({
    status: 400,
    retryable: false,
    message: ({ command, plugins }) => `${command} can be about ${plugins.join(" or ")}.`,
    hint: ({ plugins }) => `Say which, with --plugin: ${plugins.join(", ")}.`,
  }),
});
