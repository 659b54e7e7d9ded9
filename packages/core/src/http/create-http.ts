import type { Logger } from "../contract/call.js";
import { systemClock } from "../time/clock.js";
import { createAccess, isUndecided, type Access } from "./access.js";
import { answerRoute, type Answering } from "./answer-route.js";
import { withoutBody, type HttpReply, type HttpRequest, type Reply, type Respond } from "./exchange.js";
import { isRefusal, loggedMessage, reportTo } from "./failure.js";
import { createFetch, type FetchHandler, type FetchInput } from "./fetch-handler.js";
import type { HttpOptions } from "./http-options.js";
import { requireBasePath } from "./base-path.js";
import { toRespond } from "./health-respond.js";
import { createMetrics, type Metrics } from "./metrics/routes.js";
import { alwaysAnswering } from "./last-resort.js";
import { createNode, type NodeHandler } from "./node-handler.js";
import { methodNotAllowed } from "./problem.js";
import { openApiRoute, toOpenApi } from "./open-api.js";
import { createLeaving } from "./leaving.js";
import { createGuessLimit, createRateLimit } from "./rate-limit.js";
import { pathOf } from "./request-path.js";
import { createRouteTable } from "./route-table.js";
import type { Route } from "./route.js";
import { routesOf } from "./routes.js";

/** The whole surface, for every kind of server. */
export interface Http {
  /** The answer without a server; `undefined` for a path that nobody answers here. Health is answered at once, everything else by a promise that never rejects. */
  respond(request: HttpRequest): Reply | Promise<Reply> | undefined;
  /** For `node:http`, `node:http2`, Connect and Express: `app.use(http.node)`. `next` is called for paths that are not its own; without it they are a 404. Never throws. */
  readonly node: NodeHandler;
  /** For whatever speaks the Web's `Request` and `Response`. A path that is not its own is a 404. Never rejects. */
  readonly fetch: FetchHandler;
  /** Like `fetch`, but `undefined` for paths that are not its own, for hosts that go on then. `native` is what `authenticate` and `rateLimit.address` are handed; default: the same `input`. */
  fetchOwn(input: FetchInput, native?: unknown): Promise<Response> | undefined;
  /** All paths, as OpenAPI writes them. */
  readonly paths: readonly string[];
  /**
   * Ends event streams, those that begin from now on too: each client is told to come again in a moment, and does so elsewhere. `createDrain({ http })` calls it, and so does the draining of `health`. Everything
   * else is answered as before. Idempotent.
   */
  drain(): void;
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const healthPaths = ["", "/ready", "/live", "/startup", "/{name}"];

/**
 * Answers over HTTP what is asked for in the options, and nothing else. Health is public and is looked up before anything else; all the rest is closed until `authenticate` says who asks. Does no I/O
 * until it is asked. Throws `HTTP_BASE_PATH_INVALID`.
 */
export function createHttp(options: HttpOptions): Http {
  const metrics = createMetrics(options, options.log ?? silent);
  const base = requireBasePath(options.basePath ?? "/api");
  const title = options.deployer === undefined ? "Fairlead" : `Fairlead: ${options.deployer.application}`;
  const about = { title, base, hasHealth: options.health !== undefined };
  const own = [...routesOf(options), ...metrics.routes];
  const document = openApiRoute(() => toOpenApi([...own, document], about));
  // Who answers health alone needs no document of it.
  return createSurface(own.length === 0 ? [] : [...own, document], options, metrics.observe);
}

/** Answers these routes, and health. */
export function createSurface(routes: readonly Route[], options: HttpOptions, observe?: Metrics["observe"]): Http {
  const { health, basePath = "/api", rateLimit = {}, bodyLimit = 65_536, log = silent, clock = systemClock } = options;
  const base = requireBasePath(basePath);
  const access = createAccess(options, rateLimit === false ? undefined : createGuessLimit(rateLimit, clock));
  const redact = options.redact ?? options.deployer?.redact;
  const healthRespond = healthRespondOf(options, { base, access, redact });
  const table = createRouteTable(routes, base);
  const leaving = createLeaving();
  const leave = (): void => leaving.leave();
  if (health !== undefined) leaveWith(health, leave);
  const answering: Answering = {
    access,
    limit: rateLimit === false ? () => undefined : createRateLimit(rateLimit, clock),
    bodyLimit,
    log,
    redact,
  };

  const report = reportTo(log, redact);
  const respond = alwaysAnswering((request) => healthRespond?.(request) ?? respondByRoute(request), report);

  const respondByRoute = (request: HttpRequest): Reply | Promise<Reply> | undefined => {
    const match = table.match(pathOf(request.path));
    if (match === undefined) return undefined;
    const { methods, parameters } = match;
    const { method } = request;
    const route = methods.get(method === "HEAD" ? "GET" : method);
    if (route === undefined) return method === "OPTIONS" ? preflight(methods) : methodNotAllowed(allowed(methods));
    const answer = observed(route, answerRoute(route, request, { parameters, answering }));
    if (method === "HEAD") return answer.then(withoutAnyBody);
    return answer.then((reply) => ("stream" in reply ? leaving.wrap(reply) : reply));
  };

  const observed = (route: Route, answer: Promise<Reply>): Promise<Reply> => {
    if (observe === undefined) return answer;
    const begunAt = clock.now();
    return answer.then((reply) => {
      observe({ method: route.method, route: route.path, status: reply.status, took: (clock.now() - begunAt) / 1_000 });
      return reply;
    });
  };

  return Object.freeze({
    respond,
    node: createNode(respond, report),
    ...createFetch(respond, report),
    drain: leave,
    paths: Object.freeze([...(health === undefined ? [] : healthPaths.map((path) => `${base}/health${path}`)), ...table.paths]),
  });
}

function leaveWith(health: NonNullable<HttpOptions["health"]>, leave: () => void): void {
  if (health.snapshot().draining) leave();
  health.onChange?.(({ draining }) => draining && leave());
}

function healthRespondOf(
  { health, log = silent }: HttpOptions,
  given: { readonly base: string; readonly access: Access; readonly redact: Answering["redact"] },
): Respond | undefined {
  if (health === undefined) return undefined;
  const { base, access, redact } = given;
  return toRespond(health, {
    basePath: `${base}/health`,
    details: (request) => mayReadDetails(access, request),
    onError: (error) => log.error(`whether details of health may be read is not known: ${loggedMessage(error, redact)}`),
    ...(redact === undefined ? {} : { redact }),
  });
}

/** Rejects only with what is no answer to the question. */
async function mayReadDetails(access: Access, request: HttpRequest): Promise<boolean> {
  try {
    const identity = await access.identify(request, "health.details");
    await access.authorize(identity, "health.details", {});
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw isUndecided(error) ? error.cause : error;
  }
}

function allowed(methods: ReadonlyMap<string, unknown>): string {
  return [...methods.keys()].flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");
}

/** What a browser asks before it lets a page of another site read: only what is open to all sites is allowed. */
function preflight(methods: ReadonlyMap<string, { readonly openToSites?: boolean }>): HttpReply {
  const allow = allowed(methods);
  const isOpen = [...methods.values()].every(({ openToSites }) => openToSites === true);
  if (!isOpen) return methodNotAllowed(allow);
  const headers = { allow, "access-control-allow-origin": "*", "access-control-allow-methods": allow, "access-control-max-age": "86400" };
  return Object.freeze({ status: 204, headers, body: new Uint8Array(0) });
}

function withoutAnyBody(reply: Reply): HttpReply {
  return "stream" in reply ? { status: reply.status, headers: reply.headers, body: new Uint8Array(0) } : withoutBody(reply);
}
