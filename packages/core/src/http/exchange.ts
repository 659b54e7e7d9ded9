import type { Identity } from "./identity.js";

/** Header fields of a request by their lower-case names, or the Web's `Headers`. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>> | { get(name: string): string | null };

/** A body as it came: its bytes, or what a parser of the host has made of them before. `consumed`: the host has read it and kept nothing. */
export type RequestBody =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "parsed"; readonly value: unknown }
  | { readonly kind: "too-large" }
  | { readonly kind: "consumed" };

/** A request, as far as answers depend on it. */
export interface HttpRequest {
  readonly method: string;
  /** As it stands in the request line: with its query, escaped, or a whole URL. */
  readonly path: string;
  /** What a host has taken off the path before, such as the mount point of Express; links that pages carry begin with it. Default none. */
  readonly prefix?: string;
  /** Absent: there are none. */
  readonly headers?: RequestHeaders;
  /** Who asks, where the host knows already. Absent: `authenticate` is asked where it matters. */
  readonly identity?: Identity;
  /** Reads the body, at most `limit` bytes of it. Called at most once, and only where a body is wanted. Absent: it is empty. */
  readonly readBody?: (limit: number) => Promise<RequestBody>;
  /** What the framework handed over: handed on to `authenticate`. */
  readonly native?: unknown;
}

/** An answer that is ready to be sent. Frozen, and sent to many. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for `HEAD`; `content-length` is then what `GET` would have. */
  readonly body: Uint8Array;
  /** The same where it is a text: Node sends that together with the head, which costs less. */
  readonly text?: string;
}

/** An answer that goes on, such as server-sent events. Ends with the iteration; `signal` aborts when nobody listens any more. */
export interface StreamReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: (signal: AbortSignal) => AsyncIterable<string>;
}

/** Any answer. */
export type Reply = HttpReply | StreamReply;

/**
 * Answers from what is prepared, without waiting unless checks run on demand. `undefined` for a path that it knows nothing about. Never throws or rejects, whatever the request.
 */
export type Respond = (request: HttpRequest) => HttpReply | Promise<HttpReply> | undefined;

const encoder = new TextEncoder();

/** An answer with a text. */
export function textReply(status: number, text: string, headers: Readonly<Record<string, string>>): HttpReply {
  const bytes = encoder.encode(text);
  return Object.freeze({ status, headers: Object.freeze({ "content-length": String(bytes.length), ...headers }), body: bytes, text });
}

/** An answer with a JSON body. */
export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return textReply(status, JSON.stringify(body), { "content-type": "application/json; charset=utf-8", ...headers });
}

const nothing = new Uint8Array(0);

/** The same without its body, for `HEAD`. */
export function withoutBody({ status, headers }: HttpReply): HttpReply {
  return Object.freeze({ status, headers, body: nothing });
}

/** A header field's value; of several the first. `name` in lower case. */
export function headerOf({ headers }: Pick<HttpRequest, "headers">, name: string): string | undefined {
  if (headers === undefined) return undefined;
  if (isWebHeaders(headers)) return headers.get(name) ?? undefined;
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === "object" ? value[0] : value;
}

function isWebHeaders(headers: RequestHeaders): headers is { get(name: string): string | null } {
  // A field of a request may be called `get` too, and is a text then.
  return typeof headers["get" as never] === "function";
}
