import { coreErrors } from "../errors/core-errors.js";
import { fail, type FairleadError } from "../errors/fairlead-error.js";
import { withoutBody, type HttpReply, type HttpRequest, type Reply } from "./exchange.js";
import { toProblem } from "./problem.js";

/** That it failed, and nothing else. */
export function failed(reference = createReference()): FairleadError {
  return fail(coreErrors, "HTTP_FAILED", { reference });
}

/** The same as an answer, for where even the answer to a failure cannot be made. */
export function failedReply(method: string | undefined): HttpReply {
  const reply = toProblem(failed());
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
): (request: HttpRequest) => Reply | Promise<Reply> | undefined {
  return (request) => {
    try {
      const reply = respond(request);
      return reply !== undefined && "then" in reply ? reply.catch(() => failedReply(request.method)) : reply;
    } catch {
      return failedReply(request.method);
    }
  };
}
