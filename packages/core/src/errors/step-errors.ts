import { defineErrors, error } from "./definition.js";

/** What goes wrong with steps that run programs. Part of `coreErrors`. */
export const stepErrors = defineErrors({
  PROGRAM_NOT_FOUND: error<{ program: string; place: string }>({
    status: 500,
    retryable: false,
    message: ({ program, place }) => `There is no program ${program} ${place}.`,
    hint: () => "Install it where deployments run, or mend the path in the configuration.",
  }),
  PROGRAM_NOT_STARTED: error<{ program: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ program, problem }) => `${program} could not be started: ${problem}`,
    hint: () => "Check that the folder it is to run in exists, and that it may be executed.",
  }),
  COMMAND_FAILED: error<{ command: string; code: number; output: string }>({
    status: 500,
    retryable: false,
    message: ({ command, code, output }) => `${command} ended with exit code ${String(code)}:\n${output}`,
    hint: () =>
      "See `logs` for all that it said, and mend what it complains of. An exit code above 128 means that a signal ended it: 128 and the number of the signal.",
  }),
  COMMAND_TRY_AGAIN: error<{ command: string; code: number; output: string }>({
    status: 503,
    retryable: true,
    message: ({ command, code, output }) => `${command} asks to be tried again (exit code ${String(code)}):\n${output}`,
    hint: () => "Nothing to do if this passes: it is tried again.",
  }),
  COMMAND_HOLDS_SECRET: error<{ plugin: string; option: string }>({
    status: 500,
    retryable: false,
    message: ({ plugin, option }) =>
      `The option \`${option}\` of ${plugin} holds the value of a secret, which every user of the machine could read.`,
    hint: () => 'Hand it over as a variable: `env: { NAME: secret("NAME") }`.',
  }),
  COMMAND_SECRET_UNKNOWN: error<{ command: string; secret: string }>({
    status: 500,
    retryable: false,
    message: ({ command, secret }) => `${command} was planned with the secret ${secret}, which the configuration no longer names.`,
    hint: () => "Recover with the configuration that began the deployment.",
  }),
});
