import { coreErrors } from "../errors/core-errors.js";
import { fail, type FairleadError } from "../errors/fairlead-error.js";
import { jsonReply, withoutBody, type HttpReply } from "./exchange.js";

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** An error as an RFC 9457 problem document: with its code, what to do now, and its data. */
export function toProblem(error: FairleadError, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const { status, message: detail, code, hint, data } = error;
  const more = Object.keys(data).length === 0 ? {} : { data };
  const body = { type: "about:blank", title: titles[status] ?? "Error", status, detail, code, hint, ...more };
  return jsonReply(status, body, { "content-type": "application/problem+json", "cache-control": "no-store", ...headers });
}

const unknown = toProblem(fail(coreErrors, "HTTP_PATH_UNKNOWN", {}));
const unknownHead = withoutBody(unknown);

/** For a path that nobody answers. */
export function pathUnknown(method: string | undefined): HttpReply {
  return method === "HEAD" ? unknownHead : unknown;
}

/** `allow`: the methods, as the header of that name lists them. */
export function methodNotAllowed(allow: string): HttpReply {
  return toProblem(fail(coreErrors, "HTTP_METHOD_NOT_ALLOWED", { allow }), { allow });
}
