import type { Logger } from "../contract/call.js";
import { FairleadError, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import { httpErrors } from "../errors/http-errors.js";
import { maskedJson } from "../json/masked-json.js";
import { headerOf, withoutBody, type HttpReply, type HttpRequest } from "./exchange.js";
import { createReference, failed, failedReply, tellSafely, type Report } from "./last-resort.js";
import { toProblem } from "./problem.js";
import type { Route } from "./route.js";

type Redact = (text: string) => string;
const asIs: Redact = (text) => text;

/**
 * The answer where something went wrong; never throws. What cannot be masked is not told. Nothing that others have written crosses to people who are not known: they are told the code alone, and with what is not Fairlead's own error a reference under which the log has it.
 */
export function problemOf(error: unknown, given: Failing): HttpReply {
  try {
    return replyOf(error, given);
  } catch (worse) {
    return failedReply(given.request.method, worse, reportTo(given.log, given.redact));
  }
}

/** Tells a log. */
export function reportTo(log: Logger, redact: Redact | undefined): Report {
  return (error, reference) =>
    log.error(`an answer could not be made or sent: ${loggedMessage(error, redact)}`, reference === undefined ? {} : { reference });
}

interface Failing {
  readonly isKnown: boolean;
  readonly log: Logger;
  readonly redact: Redact | undefined;
  readonly route: Route;
  readonly request: HttpRequest;
}

/** Tells a log what has gone wrong with a route, under the reference that an answer names. */
export function tellFailure({ log, redact = asIs, route, request }: Omit<Failing, "isKnown">, reference: string, thrown: unknown): void {
  const code = maskedOr("UNEXPECTED_ERROR", () => redact(serializeError(thrown).code));
  const message = `${route.method} ${route.path} failed: ${loggedMessage(thrown, redact)}`;
  tellSafely(() => log.error(message, { reference, code, route: route.id, ...requestIdOf(request, redact) }));
}

/** As a balancer or the client has named the request, so that other logs can be held against this one. */
function requestIdOf(request: HttpRequest, redact: Redact): { readonly requestId?: string } {
  const id = headerOf(request, "x-request-id");
  return id !== undefined && /^[\w.:/+=-]{1,128}$/.test(id) ? { requestId: maskedOr("", () => redact(id)) } : {};
}

function replyOf(error: unknown, { isKnown, log, redact = asIs, route, request }: Failing): HttpReply {
  const tell = (reference: string, thrown: unknown): void => tellFailure({ log, redact, route, request }, reference, thrown);
  const told = shownError(error, isKnown, tell);
  const shown = maskedOr(undefined, () => masked(told, redact)) ?? failed(reported(error, tell));
  const own = route.onError?.(shown, request);
  const isAsked = asksWho(shown, isKnown);
  const headers = headersFor(shown, isAsked ? (own === undefined ? challenges.programs : challenges.people) : undefined);
  const reply =
    own === undefined ? toProblem(shown, headers) : { ...own, status: isAsked ? 401 : own.status, headers: { ...own.headers, ...headers } };
  return request.method === "HEAD" ? withoutBody(reply) : reply;
}

/** What a log is told of what was thrown. */
export function loggedMessage(error: unknown, redact: Redact = asIs): string {
  return maskedOr("what it says cannot be masked", () => redact(serializeError(error).message));
}

function reported(error: unknown, tell: (reference: string, error: unknown) => void): string {
  const reference = createReference();
  tell(reference, error);
  return reference;
}

/** `otherwise`, where the host's way to mask fails. */
function maskedOr<Value>(otherwise: Value, mask: () => Value): Value {
  try {
    return mask();
  } catch {
    return otherwise;
  }
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

function shownError(error: unknown, isKnown: boolean, tell: (reference: string, thrown: unknown) => void): FairleadError {
  if (!isFairleadError(error) || error.code === "UNEXPECTED_ERROR") return failed(reported(error, tell));
  if (isFairleadError(error, "HTTP_ACCESS_UNDECIDED")) tell(error.data.reference, error.cause);
  if (Object.hasOwn(httpErrors, error.code)) return error;
  if (error.status >= 500) tell(createReference(), error);
  return isKnown ? error : sealed(error);
}

/** Without what it says about the inside. */
function sealed({ code, status, retryable }: FairleadError): FairleadError {
  return new FairleadError(code, { message: "It cannot be answered.", hint: "Sign in to be told why.", status, retryable, data: {} });
}

/** Chromium looks at the first of several in one field alone, and asks for nothing where that is not its own. */
const basic = 'Basic realm="fairlead", charset="UTF-8"';
const challenges = { programs: `Bearer realm="fairlead", ${basic}`, people: basic };

/** Whether they are asked who they are: also who has mistyped a token while others guess from the same address. Browsers ask at 401 alone, so that is what pages are answered with. */
function asksWho({ code }: FairleadError, isKnown: boolean): boolean {
  return code === "HTTP_UNAUTHENTICATED" || (code === "HTTP_TOO_MANY_REQUESTS" && !isKnown);
}

/** What belongs to an error beside its document. */
function headersFor({ retryAfter }: FairleadError, challenge: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
    ...(retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter / 1_000)) }),
  };
}
