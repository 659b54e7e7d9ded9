import { defineErrors, error, formatMilliseconds } from "@fairlead/core";

/** What the Vercel plugin may throw. */
export const vercelErrors = defineErrors({
  VERCEL_UNREACHABLE: error<{ operation: string; problem: string }>({
    status: 503,
    retryable: true,
    message: ({ operation, problem }) => `Vercel could not be reached to ${operation}: ${problem}.`,
    hint: () => "Check the network of this machine and https://www.vercel-status.com.",
  }),
  VERCEL_TIMEOUT: error<{ operation: string; after: number }>({
    status: 504,
    retryable: true,
    message: ({ operation, after }) => `Vercel gave no answer within ${formatMilliseconds(after)} when asked to ${operation}.`,
    hint: () => "What is true is read again before anything else is done. Set `requestTimeout` if this network is slow.",
  }),
  VERCEL_BUSY: error<{ operation: string; status: number; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ operation, status, problem }) => `Vercel could not ${operation} now (${String(status)}): ${problem}`,
    hint: () => "See https://www.vercel-status.com; limits of requests end by themselves.",
  }),
  VERCEL_REFUSED: error<{ operation: string; status: number; code: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ operation, status, code, problem }) => `Vercel refused to ${operation} (${String(status)} ${code}): ${problem}`,
    hint: () => "Mend what it names, then deploy again.",
  }),
  VERCEL_TOKEN_REJECTED: error<{ operation: string; secret: string }>({
    status: 502,
    retryable: false,
    message: ({ operation, secret }) => `Vercel does not accept the token in ${secret}, so it would not ${operation}.`,
    hint: ({ secret }) => `Make a new token in the settings of your Vercel account and put it into ${secret}. Tokens can expire.`,
  }),
  VERCEL_SECRET_MALFORMED: error<{ secret: string }>({
    status: 500,
    retryable: false,
    message: ({ secret }) => `The value of ${secret} holds something that no token holds, such as a space or the end of a line.`,
    hint: ({ secret }) => `Put the token alone into ${secret}.`,
  }),
  VERCEL_FORBIDDEN: error<{ operation: string; secret: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ operation, secret, problem }) => `The token in ${secret} may not ${operation}: ${problem}`,
    hint: () => "Check `team`, and that the scope of the token contains it.",
  }),
  VERCEL_UPLOAD_LIMIT: error<{ problem: string }>({
    status: 429,
    retryable: false,
    message: ({ problem }) => `The limit of uploads of the account is reached: ${problem}`,
    hint: () => "Wait until the limit ends (24 hours on the Hobby plan), or deploy fewer files.",
  }),
  VERCEL_ANSWER_UNREADABLE: error<{ operation: string; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ operation, problem }) => `The answer to the request to ${operation} is not what Vercel's API promises: ${problem}`,
    hint: () => "Something between here and Vercel may answer in its place, such as a proxy. Check `apiUrl`.",
  }),
  VERCEL_PROJECT_MISSING: error<{ project: string; team: string }>({
    status: 404,
    retryable: false,
    message: ({ project, team }) => `There is no project ${project} ${team === "" ? "in the token's own account" : `in the team ${team}`}.`,
    hint: ({ team }) =>
      team === ""
        ? 'If it belongs to a team, name it: `team: "my-team"`. Else make it first.'
        : "Mend `project` or `team`, or make it first.",
  }),
  VERCEL_ARTIFACT_UNSUPPORTED: error<{ component: string; kind: string }>({
    status: 400,
    retryable: false,
    message: ({ component, kind }) =>
      `${component} is made from ${kind === "image" ? "an image" : "content that is not here"}; Vercel takes a folder.`,
    hint: () => 'Give it a folder of this machine: `source: directory("./dist")`.',
  }),
  VERCEL_FILES_SECRET: error<{ component: string; files: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ component, files }) => `The folder of ${component} holds files that look like secrets: ${files.join(", ")}.`,
    hint: () => "Name them in `.vercelignore`, deploy a folder without them, or list them in `secretFiles` if they must go to Vercel.",
  }),
  VERCEL_FILES_NONE: error<{ component: string }>({
    status: 400,
    retryable: false,
    message: ({ component }) => `The folder of ${component} holds no file that Vercel would take.`,
    hint: () => "Build it first, and look at `.vercelignore`.",
  }),
  VERCEL_FILES_TOO_MANY: error<{ component: string; files: number; limit: number }>({
    status: 400,
    retryable: false,
    message: ({ component, files, limit }) => `${component} has ${String(files)} files; Vercel takes ${String(limit)}.`,
    hint: () => "Deploy the built output instead of the sources, or name what is not needed in `.vercelignore`.",
  }),
  VERCEL_FILES_UNREADABLE: error<{ component: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ component, problem }) => `The files of ${component} cannot be read: ${problem}`,
    hint: () => "Do not build while it is being deployed, and let this user read the folder.",
  }),
  VERCEL_BUILD_FAILED: error<{ candidate: string; state: string; problem: string; inspector: string }>({
    status: 409,
    retryable: false,
    message: ({ candidate, state, problem }) => `The deployment ${candidate} ended ${state}: ${problem}`,
    hint: ({ inspector }) =>
      inspector === "" ? "Read its build log with `logs`." : `Read its build log with \`logs\`, or at ${inspector}.`,
  }),
  VERCEL_CANDIDATE_GONE: error<{ candidate: string; problem: string }>({
    status: 404,
    retryable: false,
    message: ({ candidate, problem }) => `The deployment ${candidate} cannot serve: ${problem}`,
    hint: () => "Deploy that version again.",
  }),
  VERCEL_CANDIDATE_FOREIGN: error<{ candidate: string; owner: string }>({
    status: 409,
    retryable: false,
    message: ({ candidate, owner }) => `The deployment ${candidate} belongs to ${owner} and is not removed.`,
    hint: () => "Remove it at Vercel if it is no longer needed.",
  }),
  VERCEL_CANDIDATE_SERVES: error<{ candidate: string }>({
    status: 409,
    retryable: false,
    message: ({ candidate }) => `The deployment ${candidate} serves, or is about to, and is not removed.`,
    hint: () => "Promote another one first.",
  }),
  VERCEL_MOVE_FAILED: error<{ candidate: string; outcome: string; moved: readonly string[] }>({
    status: 502,
    retryable: false,
    message: ({ candidate, outcome, moved }) =>
      `Vercel did not move all domains to ${candidate} (${outcome})${moved.length === 0 ? "." : `; these show it already: ${moved.join(", ")}.`}`,
    hint: () => "Look at the domains of the project. The rollback puts back what served before, on every domain.",
  }),
  VERCEL_DOMAINS_LAG: error<{ candidate: string; domains: readonly string[]; path: string }>({
    status: 502,
    retryable: false,
    message: ({ candidate, domains, path }) =>
      `${domains.join(", ")} still ${domains.length === 1 ? "shows" : "show"} the release before at ${path}, though Vercel says ${domains.length === 1 ? "it points" : "they point"} to ${candidate}.`,
    hint: () => "Look whether a cache or proxy stands before the domain; name the domains that count in `domains`.",
  }),
  VERCEL_SITE_UNREACHABLE: error<{ host: string; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ host, problem }) => `https://${host} gave no answer: ${problem}`,
    hint: () => "Check the DNS of the domain and its certificate at Vercel.",
  }),
  VERCEL_DOMAIN_SHARED: error<{ environment: string; domain: string }>({
    status: 500,
    retryable: false,
    message: ({ environment, domain }) => `${environment} is one of several environments, and all of them would share ${domain}.`,
    hint: () => 'Put a `*` where the name of the environment goes: `domain: "*.preview.shop.example"`.',
  }),
});

declare module "@fairlead/core" {
  interface ErrorRegistry {
    readonly vercel: typeof vercelErrors;
  }
}
