/** A request, as far as answers depend on it. */
export interface HttpRequest {
  readonly method: string;
  /** As it stands in the request line: with its query, escaped, or a whole URL. */
  readonly path: string;
}

/** An answer that is ready to be sent. Frozen, and sent to many. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for `HEAD`; `content-length` is then what `GET` would have. */
  readonly body: Uint8Array;
}

/** Answers from what is prepared: never waits. `undefined` for a path that it knows nothing about. Never throws, whatever the request. */
export type Respond = (request: HttpRequest) => HttpReply | undefined;

const encoder = new TextEncoder();

/** An answer with a JSON body. */
export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const bytes = encoder.encode(JSON.stringify(body));
  const described = { "content-type": "application/json; charset=utf-8", "content-length": String(bytes.length), ...headers };
  return Object.freeze({ status, headers: Object.freeze(described), body: bytes });
}

const nothing = new Uint8Array(0);

/** The same without its body, for `HEAD`. */
export function withoutBody(reply: HttpReply): HttpReply {
  return Object.freeze({ ...reply, body: nothing });
}
