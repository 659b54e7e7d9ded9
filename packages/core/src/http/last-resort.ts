import { coreErrors } from "../errors/core-errors.js";
import { fail, type FairleadError } from "../errors/fairlead-error.js";
import { withoutBody, type HttpReply, type HttpRequest, type Reply } from "./exchange.js";
import { toProblem } from "./problem.js";

/** That it failed, and nothing else. */
export function failed(reference: string): FairleadError {
  return fail(coreErrors, "HTTP_FAILED", { reference });
}

/** Told what went wrong, and the reference that was answered instead of what was asked for; `undefined` where nothing could be answered any more. May fail as well. */
export type Report = (error: unknown, reference: string | undefined) => unknown;

/** The same as an answer, for where even the answer to a failure cannot be made. What has gone wrong is reported under the reference that it names. */
export function failedReply(method: string | undefined, error: unknown, report: Report | undefined): HttpReply {
  const reference = createReference();
  tellSafely(() => report?.(error, reference));
  const reply = toProblem(failed(reference));
  return method === "HEAD" ? withoutBody(reply) : reply;
}

/** What a failure is called in an answer and in the log. */
export function createReference(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Tells somebody who may fail as well, at once or later: no answer depends on that. */
export function tellSafely(tell: () => unknown): void {
  new Promise((resolve) => {
    resolve(tell());
  }).catch(() => undefined);
}

/** The same, which answers in any case. */
export function alwaysAnswering(
  respond: (request: HttpRequest) => Reply | Promise<Reply> | undefined,
  report: Report | undefined,
): (request: HttpRequest) => Reply | Promise<Reply> | undefined {
  return (request) => {
    const answerTo = (error: unknown): HttpReply => failedReply(request.method, error, report);
    try {
      const reply = respond(request);
      return reply !== undefined && "then" in reply ? reply.catch(answerTo) : reply;
    } catch (error) {
      return answerTo(error);
    }
  };
}
