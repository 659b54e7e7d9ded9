import { headerOf, type HttpRequest, type Reply, type RequestBody, type StreamReply } from "./exchange.js";
import { toRespond, type AnsweringHealth, type HealthHandlerOptions } from "./health-respond.js";
import { pathUnknown } from "./problem.js";

/** A request of `node:http`, `node:http2`, Connect or Express, as far as it is looked at. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the path before a mount point was taken off it. */
  readonly originalUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What a body parser of the host has made of the body. */
  readonly body?: unknown;
  /** Whether somebody has read anything of it. */
  readonly readableDidRead?: boolean;
  [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
}

/** The response that belongs to it. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: Uint8Array): unknown;
  write?(bytes: Uint8Array): boolean;
  on?(event: "close" | "drain" | "error", listener: () => void): unknown;
  off?(event: "drain", listener: () => void): unknown;
  /** Whether the client has gone. */
  readonly destroyed?: boolean;
  /** HTTP/2: what tells it there. */
  readonly stream?: { readonly destroyed?: boolean } | null;
}

/** `next` is called for every path that is not the handler's own; without it the answer is a 404. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;

type AnyRespond = (request: HttpRequest) => Reply | Promise<Reply> | undefined;

/**
 * Health for `node:http` (`createServer(toNodeHandler(health))`), Connect and Express (`app.use(toNodeHandler(health))`), under a mount point or not: both the path as it came and what a mount
 * point left of it are looked for. Only reads the snapshot, unless checks run on demand. Throws `HTTP_BASE_PATH_INVALID`; the handler never throws.
 */
export function toNodeHandler(health: AnsweringHealth, options?: HealthHandlerOptions): NodeHandler {
  return createNode(toRespond(health, options));
}

/** Node's way to ask `respond`. */
export function createNode(respond: AnyRespond): NodeHandler {
  return (request, response, next) => {
    const reply = replyTo(request, respond);
    if (reply === undefined && next !== undefined) {
      next();
      return;
    }
    if (reply === undefined) send(response, pathUnknown(request.method));
    else if ("then" in reply)
      reply
        .then((answer) => {
          send(response, answer);
        })
        // The host has answered meanwhile.
        .catch(() => undefined);
    else send(response, reply);
  };
}

function replyTo(native: NodeRequest, respond: AnyRespond): Reply | Promise<Reply> | undefined {
  const { url = "/", originalUrl = url } = native;
  if (originalUrl === url) return respond(new NativeRequest(native, url, ""));
  const prefix = originalUrl.endsWith(url) ? originalUrl.slice(0, -url.length) : "";
  return respond(new NativeRequest(native, originalUrl, "")) ?? respond(new NativeRequest(native, url, prefix));
}

/** Looks at headers and body only where somebody wants them: Node makes an object of the headers then. */
class NativeRequest implements HttpRequest {
  readonly method: string;
  readonly native: NodeRequest;
  readonly path: string;
  readonly prefix: string;

  constructor(native: NodeRequest, path: string, prefix: string) {
    this.method = native.method ?? "GET";
    this.native = native;
    this.path = path;
    this.prefix = prefix;
  }

  get headers(): NonNullable<NodeRequest["headers"]> {
    return this.native.headers ?? {};
  }

  /** Bytes that are announced and do not come have been read before. Of chunks nobody knows, unless Node tells. */
  #declaresBody(): boolean {
    const length = Number(headerOf(this, "content-length") ?? "0");
    const isUntold = this.native.readableDidRead === undefined && headerOf(this, "transfer-encoding") !== undefined;
    return length > 0 || isUntold;
  }

  async readBody(limit: number): Promise<RequestBody> {
    const { body, readableDidRead } = this.native;
    if (typeof body === "string") return { kind: "bytes", bytes: encoder.encode(body) };
    if (body instanceof Uint8Array) return { kind: "bytes", bytes: body };
    // Parsers of Express 4 leave `{}` also where there is nothing that they read.
    if (body !== undefined && (readableDidRead !== false || !isEmptyObject(body))) return { kind: "parsed", value: body };
    if (readableDidRead === true) return { kind: "consumed" };
    const chunks: Uint8Array[] = [];
    // Not `for await`: leaving that early would end the connection before the answer.
    const iterator = (this.native as AsyncIterable<Uint8Array, undefined>)[Symbol.asyncIterator]();
    for (let size = 0; ;) {
      const { done = false, value } = await iterator.next();
      if (value === undefined || done)
        return size === 0 && this.#declaresBody() ? { kind: "consumed" } : { kind: "bytes", bytes: Buffer.concat(chunks) };
      size += value.length;
      if (size > limit) return { kind: "too-large" };
      chunks.push(value);
    }
  }
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function send(response: NodeResponse, reply: Reply): void {
  const { status, headers } = reply;
  // A copy: what wraps `writeHead` (compression, tracing) may write into the headers, and these go to everybody.
  response.writeHead(status, { ...headers });
  if ("stream" in reply) void sendStream(response, reply);
  else response.end(reply.body);
}

const encoder = new TextEncoder();

async function sendStream(response: NodeResponse, { stream }: StreamReply): Promise<void> {
  // Who went while the answer was made has been told of by `close` before: nothing would ever end the stream.
  if (response.destroyed === true || response.stream?.destroyed === true) return;
  const gone = new AbortController();
  response.on?.("close", () => {
    gone.abort("nobody listens any more");
  });
  response.on?.("error", () => undefined);
  try {
    for await (const text of stream(gone.signal)) {
      if (gone.signal.aborted) break;
      if (response.write?.(encoder.encode(text)) === false) await drained(response, gone.signal);
    }
  } catch {
    // The head is sent: all that can be said now is that it ends.
  }
  response.end(new Uint8Array(0));
}

function drained(response: NodeResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onDrain = (): void => {
      response.off?.("drain", onDrain);
      gone.removeEventListener("abort", onDrain);
      resolve();
    };
    response.on?.("drain", onDrain);
    gone.addEventListener("abort", onDrain, { once: true });
  });
}
