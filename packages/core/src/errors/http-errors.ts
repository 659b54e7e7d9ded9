import { defineErrors, error } from "./definition.js";

/** What an HTTP request is refused with, and a handler's options. Part of `coreErrors`. */
export const httpErrors = defineErrors({
  HTTP_PATH_UNKNOWN: error({
    status: 404,
    retryable: false,
    message: () => "There is nothing at this path.",
    hint: () => "Look at the path that the handler is mounted at.",
  }),
  HTTP_METHOD_NOT_ALLOWED: error<{ allow: string }>({
    status: 405,
    retryable: false,
    message: ({ allow }) => `Only ${allow} are answered here.`,
    hint: () => "Ask with one of these methods.",
  }),
  HTTP_BASE_PATH_INVALID: error<{ basePath: string }>({
    status: 500,
    retryable: false,
    message: ({ basePath }) => `"${basePath}" is not a path to answer at.`,
    hint: () => 'Write a path that begins with a slash and has no query, e.g. "/api/health".',
  }),
});
