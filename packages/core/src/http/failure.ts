import type { Logger } from "../contract/call.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, FairleadError, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import { httpErrors } from "../errors/http-errors.js";
import { maskedJson } from "../json/masked-json.js";
import { withoutBody, type HttpReply, type HttpRequest } from "./exchange.js";
import { toProblem } from "./problem.js";
import type { Route } from "./route.js";

type Redact = (text: string) => string;
const asIs: Redact = (text) => text;

/**
 * The answer where something went wrong. Nothing that others have written crosses to people who are not known: they are told the code alone, and with what is not Fairlead's own error a reference under which the log has it.
 */
export function problemOf(
  error: unknown,
  {
    isKnown,
    log,
    redact = asIs,
    route,
    request,
  }: {
    readonly isKnown: boolean;
    readonly log: Logger;
    readonly redact: Redact | undefined;
    readonly route: Route;
    readonly request: HttpRequest;
  },
): HttpReply {
  const told = shownError(error, isKnown, (reference) => {
    const code = redact(serializeError(error).code);
    log.error(`${route.method} ${route.path} failed: ${loggedMessage(error, redact)}`, { reference, code, route: route.id });
  });
  const shown = masked(told, redact);
  const own = route.onError?.(shown, request);
  const headers = headersFor(shown);
  const reply = own === undefined ? toProblem(shown, headers) : { ...own, headers: { ...own.headers, ...headers } };
  return request.method === "HEAD" ? withoutBody(reply) : reply;
}

/** What a log is told of what was thrown. */
export function loggedMessage(error: unknown, redact: Redact = asIs): string {
  return redact(serializeError(error).message);
}

/** Whether somebody was refused, by these rules. */
export function isRefusal(error: unknown): boolean {
  return isFairleadError(error) && error.status < 500 && Object.hasOwn(httpErrors, error.code);
}

function masked(error: FairleadError, redact: Redact): FairleadError {
  if (redact === asIs) return error;
  const { code, message, hint, status, retryable, data, retryAfter } = error;
  const told = { message: redact(message), hint: redact(hint), data: maskedJson(data, redact) };
  return new FairleadError(code, { ...told, status, retryable, ...(retryAfter === undefined ? {} : { retryAfter }) });
}

function shownError(error: unknown, isKnown: boolean, tell: (reference: string) => void): FairleadError {
  if (!isFairleadError(error) || error.code === "UNEXPECTED_ERROR") {
    const reference = createReference();
    tell(reference);
    return fail(coreErrors, "HTTP_FAILED", { reference });
  }
  if (Object.hasOwn(httpErrors, error.code)) return error;
  if (error.status >= 500) tell(createReference());
  return isKnown ? error : sealed(error);
}

/** Without what it says about the inside. */
function sealed({ code, status, retryable }: FairleadError): FairleadError {
  return new FairleadError(code, { message: "It cannot be answered.", hint: "Sign in to be told why.", status, retryable, data: {} });
}

/** What belongs to an error beside its document. */
function headersFor({ code, retryAfter }: FairleadError): Readonly<Record<string, string>> {
  return {
    ...(code === "HTTP_UNAUTHENTICATED" ? { "www-authenticate": 'Bearer realm="fairlead", Basic realm="fairlead", charset="UTF-8"' } : {}),
    ...(retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter / 1_000)) }),
  };
}

function createReference(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
