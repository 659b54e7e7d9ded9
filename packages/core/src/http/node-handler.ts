import type { Health } from "../health/index.js";
import type { Respond } from "./exchange.js";
import { toRespond, type HealthHandlerOptions } from "./health-respond.js";
import { pathUnknown } from "./problem.js";

/** A request of `node:http`, `node:http2`, Connect or Express, as far as it is looked at. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the path before a mount point was taken off it. */
  readonly originalUrl?: string | undefined;
}

/** The response that belongs to it. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: Uint8Array): unknown;
}

/** `next` is called for every path that is not the handler's own; without it the answer is a 404. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;

/**
 * Health for `node:http` (`createServer(toNodeHandler(health))`), Connect and Express (`app.use(toNodeHandler(health))`), under a mount point or not: both the path as it came and what a mount
 * point left of it are looked for. Only reads the snapshot. Throws `HTTP_BASE_PATH_INVALID`; the handler never throws.
 */
export function toNodeHandler(health: Pick<Health, "snapshot">, options?: HealthHandlerOptions): NodeHandler {
  const respond = toRespond(health, options);
  return (request, response, next) => {
    const reply = replyTo(request, respond);
    if (reply === undefined && next !== undefined) {
      next();
      return;
    }
    const { status, headers, body } = reply ?? pathUnknown(request.method);
    // A copy: what wraps `writeHead` (compression, tracing) may write into the headers, and these go to everybody.
    response.writeHead(status, { ...headers });
    response.end(body);
  };
}

function replyTo({ method = "GET", url = "/", originalUrl }: NodeRequest, respond: Respond) {
  if (originalUrl === undefined || originalUrl === url) return respond({ method, path: url });
  return respond({ method, path: originalUrl }) ?? respond({ method, path: url });
}
