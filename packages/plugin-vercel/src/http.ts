import { connectionProblem, withDeadline, type Clock } from "@fairlead/core";

/** What requests are made with. */
export interface HttpContext {
  readonly clock: Clock;
  readonly fetch: typeof fetch | undefined;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  /** Most that the answer may take, with its body, in milliseconds. */
  readonly timeout: number;
  /** What to reject with when the time is up. */
  readonly late: () => Error;
  /** What to reject with when no answer came. `problem` is a code of the system; the library's own error holds address and headers, and is kept nowhere. */
  readonly unreachable: (problem: string) => Error;
  /** Reads at most so many bytes of the body. Default 16 MiB. */
  readonly limit?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Makes one request, once. Follows no redirect, so that no credential goes where it was not meant to. */
export async function sendRequest({ clock, fetch }: HttpContext, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, method = "GET", headers = {}, body, timeout, late, unreachable, limit = 16 * 1024 * 1024 } = request;
  const { default: ky } = await import("ky");
  return withDeadline(clock, { milliseconds: timeout, signal, reason: late }, async (inner) => {
    try {
      const response = await ky(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(fetch === undefined ? {} : { fetch }),
        redirect: "manual",
        retry: 0,
        timeout: false,
        throwHttpErrors: false,
        signal: inner,
      });
      return { status: response.status, headers: response.headers, body: await readBody(response, limit) };
    } catch (error) {
      inner.throwIfAborted();
      throw unreachable(connectionProblem(error));
    }
  });
}

async function readBody({ body }: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // The types of Node.js and of the platform disagree about what a body yields.
  const stream: ReadableStream<Uint8Array> | null = body;
  if (stream === null) return new Uint8Array();
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
