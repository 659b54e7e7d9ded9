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
  HTTP_CLOSED: error<{ permission: string }>({
    status: 403,
    retryable: false,
    message: () => "This is closed: the application has not said who may see it.",
    hint: ({ permission }) => `Give \`createHttp\` an \`authenticate\`, or name "${permission}" under \`public\`.`,
  }),
  HTTP_UNAUTHENTICATED: error({
    status: 401,
    retryable: false,
    message: () => "Nobody is known by what this request carries.",
    hint: () => "Sign in, or send a token: `Authorization: Bearer …`.",
  }),
  HTTP_FORBIDDEN: error<{ permission: string }>({
    status: 403,
    retryable: false,
    message: ({ permission }) => `This needs the permission ${permission}.`,
    hint: () => "Ask whoever gives permissions in this application.",
  }),
  HTTP_CROSS_SITE: error({
    status: 403,
    retryable: false,
    message: () => "Another site has sent this request.",
    hint: () => "Send it from a page of the application itself, or by a program that sends no `Origin`.",
  }),
  HTTP_REQUEST_INVALID: error<{ problems: readonly { place: string; problem: string }[] }>({
    status: 400,
    retryable: false,
    message: ({ problems }) =>
      `The request cannot be understood: ${problems.map(({ place, problem }) => `${place}: ${problem}`).join("; ")}`,
    hint: () => "Mend what is listed, and send it again.",
  }),
  HTTP_BODY_INVALID: error<{ problem: string }>({
    status: 400,
    retryable: false,
    message: ({ problem }) => `The body cannot be read: ${problem}.`,
    hint: () => "Send JSON.",
  }),
  HTTP_BODY_TOO_LARGE: error<{ limit: number }>({
    status: 413,
    retryable: false,
    message: ({ limit }) => `The body is larger than ${String(limit)} bytes.`,
    hint: () => "Send less.",
  }),
  HTTP_CONTENT_TYPE_UNKNOWN: error<{ expected: string }>({
    status: 415,
    retryable: false,
    message: ({ expected }) => `The body has to be ${expected}.`,
    hint: ({ expected }) => `Send \`Content-Type: ${expected}\`.`,
  }),
  HTTP_TOO_MANY_REQUESTS: error<{ seconds: number }>({
    status: 429,
    retryable: true,
    message: ({ seconds }) => `Too many requests: the next one is answered in ${String(seconds)} s.`,
    hint: () => "Wait as long as `Retry-After` says.",
  }),
  HTTP_TOO_MANY_STREAMS: error<{ most: number; seconds: number }>({
    status: 429,
    retryable: true,
    message: ({ most, seconds }) => `${String(most)} event streams are open already: ask again in ${String(seconds)} s.`,
    hint: () => "Close one that nobody reads, or give `createHttp` a larger `rateLimit: { streams }`.",
  }),
  HTTP_STREAMS_FULL: error<{ seconds: number }>({
    status: 503,
    retryable: true,
    message: ({ seconds }) => `This process has as many event streams open as it may: ask again in ${String(seconds)} s.`,
    hint: () => "Ask for the status of the deployment meanwhile, or for its events in another process.",
  }),
  HTTP_FAILED: error<{ reference: string }>({
    status: 500,
    retryable: true,
    message: ({ reference }) => `It cannot be answered now. What happened is in the log, under ${reference}.`,
    hint: () => "Try again; where it stays, look for the reference in the application's log.",
  }),
  HTTP_ACCESS_UNDECIDED: error<{ reference: string }>({
    status: 503,
    retryable: true,
    message: ({ reference }) => `Who asks, or what they may, cannot be found out now. What happened is in the log, under ${reference}.`,
    hint: () => "Try again in a moment; where it stays, look at what `authenticate` and `authorize` ask.",
  }),
  HTTP_SOURCE_UNKNOWN: error<{ environment: string }>({
    status: 422,
    retryable: false,
    message: ({ environment }) => `Nobody has said which image a commit or branch stands for in ${environment}.`,
    hint: () => "Name the image as `source`, or give `createHttp` a `sources`.",
  }),
  HTTP_DEPLOYMENT_ELSEWHERE: error<{ deploymentId: string; environment: string; found: string }>({
    status: 422,
    retryable: false,
    message: ({ deploymentId, environment, found }) => `${deploymentId} is a deployment of ${found}, not of ${environment}.`,
    hint: () => "Name a deployment of the same environment.",
  }),
  HTTP_NOT_BEGUN: error<{ deploymentId: string }>({
    status: 409,
    retryable: true,
    message: ({ deploymentId }) => `No worker has taken ${deploymentId} yet.`,
    hint: () => "Wait until it has been planned, then say so again.",
  }),
  HTTP_TOKEN_WEAK: error<{ name: string }>({
    status: 500,
    retryable: false,
    message: ({ name }) => `The token of ${name} is missing or shorter than 20 characters.`,
    hint: () => "Use a long random one, e.g. of `openssl rand -hex 32`, and hand it over by the process's environment.",
  }),
});
