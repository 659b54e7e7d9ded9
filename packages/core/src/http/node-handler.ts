import type { HttpRequest, Reply, RequestBody } from "./exchange.js";
import { toRespond, type AnsweringHealth, type HealthHandlerOptions } from "./health-respond.js";
import { alwaysAnswering, type Report } from "./last-resort.js";
import { readNodeBody } from "./node-body.js";
import { sendSafely, type NodeResponse } from "./node-send.js";
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
  /** Whether all of it has come. */
  readonly complete?: boolean;
  [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
}

/** `next` is called for every path that is not the handler's own; without it the answer is a 404. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;

type AnyRespond = (request: HttpRequest) => Reply | Promise<Reply> | undefined;

/**
 * Health for `node:http` (`createServer(toNodeHandler(health))`), Connect and Express (`app.use(toNodeHandler(health))`), under a mount point or not: both the path as it came and what a mount
 * point left of it are looked for. Only reads the snapshot, unless checks run on demand. Throws `HTTP_BASE_PATH_INVALID`; the handler never throws.
 */
export function toNodeHandler(health: AnsweringHealth, options?: HealthHandlerOptions): NodeHandler {
  return createNode(alwaysAnswering(toRespond(health, options), options?.onError), options?.onError);
}

/** Node's way to ask `respond`, which answers in any case. `report` is told what cannot be sent. */
export function createNode(respond: AnyRespond, report: Report | undefined): NodeHandler {
  return (request, response, next) => {
    const send = (answer: Reply): void => sendSafely({ request, response, report }, answer);
    const reply = replyTo(request, respond);
    if (reply === undefined && next !== undefined) {
      next();
      return;
    }
    if (reply === undefined) send(pathUnknown(request.method));
    else if ("then" in reply) void reply.then(send);
    else send(reply);
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

  readBody(limit: number): Promise<RequestBody> {
    return readNodeBody(this.native, limit);
  }
}
