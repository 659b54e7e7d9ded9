import { coreErrors } from "../errors/core-errors.js";
import { fail, type FairleadError } from "../errors/fairlead-error.js";
import { jsonReply, withoutBody, type HttpReply } from "./exchange.js";

/** An error as an RFC 9457 problem document. `title` is the phrase of its status. */
function toProblem(error: FairleadError, title: string, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const { status, message: detail, code, hint } = error;
  const body = { type: "about:blank", title, status, detail, code, hint };
  return jsonReply(status, body, { "content-type": "application/problem+json", "cache-control": "no-store", ...headers });
}

const unknown = toProblem(fail(coreErrors, "HTTP_PATH_UNKNOWN", {}), "Not Found");
const unknownHead = withoutBody(unknown);

/** For a path that nobody answers. */
export function pathUnknown(method: string | undefined): HttpReply {
  return method === "HEAD" ? unknownHead : unknown;
}

/** `allow`: the methods, as the header of that name lists them. */
export function methodNotAllowed(allow: string): HttpReply {
  return toProblem(fail(coreErrors, "HTTP_METHOD_NOT_ALLOWED", { allow }), "Method Not Allowed", { allow });
}
