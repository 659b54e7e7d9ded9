import { fail, isFairleadError, type Secret } from "@fairlead/core";
import pRetry from "p-retry";
import { toHeaderValue } from "../header-value.js";
import { sendRequest, type HttpAnswer, type HttpContext } from "../http.js";
import { memberOf, parseJson } from "../json.js";
import { vercelErrors } from "../vercel-errors.js";
import { retryAfterOf } from "./retry-after.js";

/** One call of Vercel's API. */
export interface ApiCall {
  /** What it does, as the end of "Vercel refused to …". */
  readonly operation: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly file?: { readonly content: Blob; readonly headers: Readonly<Record<string, string>> };
  /** In milliseconds. Default: the `requestTimeout` of the options. */
  readonly timeout?: number;
  /** Whether doing it twice is doing it once, so that it may simply be tried again. Default: only for GET. */
  readonly repeatable?: boolean;
  /** Statuses besides those of success that are an answer. */
  readonly accept?: readonly number[];
}

export interface ApiAnswer {
  readonly status: number;
  /** `undefined` where the body is empty or no JSON. */
  readonly json: unknown;
  /** What would have been thrown, where the status is one of `accept`. */
  readonly error?: Error;
}

/** Vercel's API for one token and team. */
export interface VercelApi {
  /** Makes a call. What may be repeated is tried up to four times when it failed for now. Throws errors of the catalogue; none of them holds the token, the query or a header. */
  call(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer>;
  /** Makes a call and reads its answer. One that `read` makes nothing of has failed for now, with `VERCEL_ANSWER_UNREADABLE`: something else than Vercel may have answered. */
  read<Result>(call: ApiCall, read: (answer: ApiAnswer) => Result | undefined, signal: AbortSignal): Promise<Result>;
}

export interface VercelApiOptions extends HttpContext {
  readonly apiUrl: string;
  readonly token: Secret;
  readonly team: string | undefined;
  readonly requestTimeout: number;
  /** Masks what Vercel answers: it may say again what it was sent. */
  readonly redact: (text: string) => string;
}

const tries = 4;

/** A longer wait is left to whoever called. */
const longestWait = 10_000;

const passing = new Set([408, 425, 429]);

export function createVercelApi(options: VercelApiOptions): VercelApi {
  const { clock, token, requestTimeout, redact } = options;
  const once = async (call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> => {
    const { operation, method = "GET", json, file, timeout = requestTimeout, accept = [] } = call;
    const body = json === undefined ? file?.content : JSON.stringify(json);
    const answer = await sendRequest(
      options,
      {
        url: urlOf(options, call),
        method,
        headers: {
          authorization: `Bearer ${toHeaderValue(token)}`,
          "user-agent": "fairlead",
          accept: "application/json",
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...file?.headers,
        },
        ...(body === undefined ? {} : { body }),
        timeout,
        late: () => fail(vercelErrors, "VERCEL_TIMEOUT", { operation, after: timeout }),
        unreachable: (problem) => fail(vercelErrors, "VERCEL_UNREACHABLE", { operation, problem }),
      },
      signal,
    );
    const parsed = parseJson(new TextDecoder().decode(answer.body));
    const { status } = answer;
    if (status >= 200 && status < 300) return { status, json: parsed };
    const error = toError(operation, token.name, answer, { json: parsed, now: clock.now(), redact });
    if (accept.includes(status)) return { status, json: parsed, error };
    throw error;
  };

  const again = <Result>(call: ApiCall, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    if (!(call.repeatable ?? (call.method ?? "GET") === "GET")) return work();
    return pRetry(work, {
      retries: tries - 1,
      // Its own pauses run on the machine's clock.
      minTimeout: 0,
      signal,
      shouldRetry: ({ error }) => isWorthIt(error) && !signal.aborted,
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (retriesLeft === 0 || !isWorthIt(error)) return;
        await clock.sleep(pauseAfter(error, attemptNumber), { signal });
      },
    });
  };

  return {
    call: (call, signal) => again(call, signal, () => once(call, signal)),
    read: (call, read, signal) =>
      again(call, signal, async () => {
        const result = read(await once(call, signal));
        if (result !== undefined) return result;
        throw fail(vercelErrors, "VERCEL_ANSWER_UNREADABLE", { operation: call.operation, problem: "something is missing in it" });
      }),
  };
}

function isWorthIt(error: unknown): boolean {
  return isFairleadError(error) && error.retryable && (error.retryAfter ?? 0) <= longestWait;
}

/** The time that the API asked for, else 200 ms, 400 ms, 800 ms, jittered. */
export function pauseAfter(error: unknown, attempt: number): number {
  const asked = isFairleadError(error) ? error.retryAfter : undefined;
  return asked ?? 200 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

function urlOf({ apiUrl, team }: VercelApiOptions, { path, query = {} }: ApiCall): string {
  const scope = team === undefined ? {} : team.startsWith("team_") ? { teamId: team } : { slug: team };
  const search = new URLSearchParams({ ...query, ...scope }).toString();
  return search === "" ? `${apiUrl}${path}` : `${apiUrl}${path}?${search}`;
}

function toError(
  operation: string,
  secret: string,
  answer: HttpAnswer,
  { json, now, redact }: { readonly json: unknown; readonly now: number; readonly redact: (text: string) => string },
): Error {
  const { status, headers, body } = answer;
  const said = memberOf(json, "error") ?? memberOf(json, "err");
  const code = textOf(memberOf(said, "code")) ?? "";
  const words = textOf(memberOf(said, "message")) ?? (json === undefined ? new TextDecoder().decode(body) : "");
  const problem = (json === undefined ? plain(redact(words)) : redact(words)).slice(0, 300) || "it gave no reason";
  if (code === "api-upload-free") return fail(vercelErrors, "VERCEL_UPLOAD_LIMIT", { problem });
  if (status === 401 || (status === 403 && memberOf(said, "invalidToken") === true))
    return fail(vercelErrors, "VERCEL_TOKEN_REJECTED", { operation, secret });
  if (status === 403) return fail(vercelErrors, "VERCEL_FORBIDDEN", { operation, secret, problem });
  if (status >= 500 || passing.has(status)) {
    const retryAfter = retryAfterOf(headers, json, now);
    return fail(vercelErrors, "VERCEL_BUSY", { operation, status, problem }, retryAfter === undefined ? {} : { retryAfter });
  }
  return fail(vercelErrors, "VERCEL_REFUSED", { operation, status, code, problem });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A page of a proxy in place of the API's own error. */
function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
