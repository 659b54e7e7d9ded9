import type * as z from "zod";
import { image, type Sources } from "../../config/source.js";
import type { DeploymentRequest, RecordedRequest } from "../../deployer/types.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { systemClock } from "../../time/clock.js";
import { headerOf, jsonReply, type HttpReply, type HttpRequest } from "../exchange.js";
import type { HttpDeployer, HttpOptions } from "../http-options.js";
import type { Identity } from "../identity.js";
import { readableOf } from "../readable.js";
import { defineRoute, type Route } from "../route.js";
import { createStreamLimit } from "../stream-limit.js";
import { actorOf } from "./actor.js";
import { describeSummary } from "./describe.js";
import { cursorOf, deploymentEvents, isOver } from "./events.js";
import { createFeeds } from "./feed.js";
import { createFinder, describeFound, environmentOf, readDeployment, requireBegun, type ById } from "./find.js";
import * as schemas from "./schemas.js";

const noStore = { "cache-control": "no-store" };
const wrong = {
  description: "A problem document: what is wrong, and what to do",
  schema: schemas.problem,
  contentType: "application/problem+json",
};

/** The deploy API: `/deploy/…`. Records and shows; never drives. */
export function deployRoutes({ deployer, basePath = "/api", sources, clock = systemClock, rateLimit }: HttpOptions): readonly Route[] {
  if (deployer === undefined) return [];
  const base = basePath.replace(/\/+$/, "");
  const find = createFinder(deployer);
  const environmentOfId = async ({ path }: ById): Promise<string> => environmentOf(await find(path));
  const feeds = createFeeds(deployer, clock);
  const streams = createStreamLimit(rateLimit);
  const byId = { parameters: schemas.deploymentPath, environmentOf: environmentOfId };

  const record = async (wish: DeploymentRequest, { request, identity }: Asked): Promise<HttpReply> => {
    const key = keyOf(request);
    const recorded = await deployer.request({ ...wish, actor: actorOf(identity), ...(key === undefined ? {} : { key }) });
    const answer = acceptedOf(recorded, `${request.prefix ?? ""}${base}`);
    return jsonReply(202, answer, { ...noStore, location: answer.statusUrl });
  };

  const sourceFor = async ({ environment, branch, commit, source }: z.infer<typeof schemas.triggerBody>): Promise<Sources | undefined> => {
    if (source !== undefined) return imagesOf(source);
    if (branch === undefined && commit === undefined) return undefined;
    const found = await sources?.({ environment, ...optional({ branch, commit }) });
    if (found === undefined) throw fail(coreErrors, "HTTP_SOURCE_UNKNOWN", { environment });
    return found;
  };

  const saidOf =
    (say: "approve" | "reject" | "abort") =>
    async ({
      path,
      body,
      identity,
    }: Asked & { readonly path: { deploymentId: string }; readonly body: z.infer<typeof schemas.wordBody> }) => {
      const { id } = await requireBegun(deployer, path.deploymentId);
      await deployer[say]({ deploymentId: id, actor: actorOf(identity), recordOnly: true, ...optional(body) });
      return jsonReply(200, await readDeployment(deployer, id, 0), noStore);
    };
  const said = { 200: { description: "What it is now", schema: schemas.deploymentStatus }, 404: wrong, 409: wrong };

  return [
    defineRoute({
      id: "deployments.trigger",
      method: "POST",
      path: "/deploy/trigger",
      permission: "deployments.trigger",
      summary: "Asks for a deployment. With an `Idempotency-Key` the same request may be sent any number of times.",
      body: schemas.triggerBody,
      environmentOf: ({ body }) => body.environment,
      answers: { 202: { description: "Recorded; a worker carries it out", schema: schemas.accepted }, 404: wrong, 422: wrong },
      answer: async (asked) => {
        const { environment, branch, commit, reason } = asked.body;
        const source = await sourceFor(asked.body);
        return record({ kind: "deploy", environment, ...optional({ branch, commit, reason, source }) }, asked);
      },
    }),
    defineRoute({
      id: "deployments.rollback",
      method: "POST",
      path: "/deploy/rollback",
      permission: "deployments.rollback",
      summary: "Asks for a retained release to serve again.",
      body: schemas.rollbackBody,
      environmentOf: ({ body }) => body.environment,
      answers: { 202: { description: "Recorded; a worker carries it out", schema: schemas.accepted }, 404: wrong, 422: wrong },
      answer: async (asked) => {
        const { environment, targetDeploymentId, reason } = asked.body;
        const to = targetDeploymentId === undefined ? undefined : await releaseOf(deployer, targetDeploymentId, environment);
        return record({ kind: "rollback", environment, ...optional({ to, reason }) }, asked);
      },
    }),
    defineRoute({
      ...byId,
      id: "deployments.status",
      method: "GET",
      path: "/deploy/status/{deploymentId}",
      permission: "deployments.read",
      summary: "What has become of a deployment: progress and the last lines of its log.",
      query: schemas.statusQuery,
      answers: { 200: { description: "What it is now", schema: schemas.deploymentStatus }, 404: wrong },
      answer: async ({ path, query }) => jsonReply(200, await describeFound(deployer, await find(path), query.logs), noStore),
    }),
    defineRoute({
      id: "deployments.history",
      method: "GET",
      path: "/deploy/history",
      permission: "deployments.read",
      summary: "Deployments, the newest first. Without an environment: of those that who asks may read, so that a page may have fewer.",
      query: schemas.historyQuery,
      environmentOf: ({ query }) => query.environment,
      answers: { 200: { description: "A page of the history", schema: schemas.historyPage } },
      answer: async ({ query: { environment, limit, after }, may }) => {
        const { items, next = null } = await deployer.history({ limit, ...optional({ environment, after }) });
        const readable = environment === undefined ? await readableOf(items, (item) => item.environment, may) : items;
        return jsonReply(200, { deployments: readable.map(describeSummary), next }, noStore);
      },
    }),
    defineRoute({
      ...byId,
      id: "deployments.events",
      method: "GET",
      path: "/deploy/events/{deploymentId}",
      permission: "deployments.read",
      summary: "What happens in a deployment, as server-sent events; goes on behind `Last-Event-ID`.",
      query: schemas.eventsQuery,
      answers: {
        200: { description: "Events until it has ended or needs attention", contentType: "text/event-stream" },
        204: { description: "There is nothing behind this place, and will be nothing" },
        404: wrong,
        429: wrong,
        503: wrong,
      },
      answer: async ({ request, identity, path, query }) => {
        const counted = streams.admit({ request, identity });
        const cursor = cursorOf(headerOf(request, "last-event-id") ?? query.after);
        if (await isOver(deployer, await find(path), cursor)) return { status: 204, headers: noStore, body: new Uint8Array(0) };
        return {
          status: 200,
          headers: { "content-type": "text/event-stream; charset=utf-8", ...noStore, "x-accel-buffering": "no" },
          stream: counted((signal) => deploymentEvents(feeds, path.deploymentId, { cursor, clock, signal })),
        };
      },
    }),
    defineRoute({
      ...byId,
      id: "deployments.approve",
      method: "POST",
      path: "/deploy/approve/{deploymentId}",
      permission: "deployments.approve",
      summary: "Agrees to what is asked.",
      body: schemas.wordBody,
      answers: said,
      answer: saidOf("approve"),
    }),
    defineRoute({
      ...byId,
      id: "deployments.reject",
      method: "POST",
      path: "/deploy/reject/{deploymentId}",
      permission: "deployments.approve",
      summary: "Refuses what is asked.",
      body: schemas.wordBody,
      answers: said,
      answer: saidOf("reject"),
    }),
    defineRoute({
      ...byId,
      id: "deployments.abort",
      method: "POST",
      path: "/deploy/abort/{deploymentId}",
      permission: "deployments.abort",
      summary: "Asks a deployment to stop: what was begun is taken back.",
      body: schemas.abortBody,
      answers: said,
      answer: saidOf("abort"),
    }),
  ];
}

interface Asked {
  readonly request: HttpRequest;
  readonly identity: Identity | undefined;
}

/** Throws `HTTP_REQUEST_INVALID`. */
function keyOf(request: HttpRequest): string | undefined {
  const key = headerOf(request, "idempotency-key");
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const problems = [{ place: "header/idempotency-key", problem: "has to be 1 to 255 visible ASCII characters" }];
  throw fail(coreErrors, "HTTP_REQUEST_INVALID", { problems });
}

function acceptedOf({ id, environment, joined, worker }: RecordedRequest, base: string): z.infer<typeof schemas.accepted> {
  const hint =
    worker === null ? "No worker is there now: it waits until one comes. Start one: a process that calls `deployer.work()`." : null;
  const [statusUrl, eventsUrl] = [`${base}/deploy/status/${id}`, `${base}/deploy/events/${id}`];
  return { deploymentId: id, environment, status: "pending", joined, driver: worker, hint, statusUrl, eventsUrl };
}

function imagesOf(source: string | Readonly<Record<string, string>>): Sources {
  if (typeof source === "string") return image(source);
  return Object.fromEntries(Object.entries(source).map(([component, reference]) => [component, image(reference)]));
}

/** Throws `HTTP_DEPLOYMENT_ELSEWHERE`, `HTTP_NOT_BEGUN`. */
async function releaseOf(deployer: HttpDeployer, deploymentId: string, environment: string): Promise<string> {
  const deployment = await requireBegun(deployer, deploymentId);
  const { environment: found } = deployment;
  if (found !== environment) throw fail(coreErrors, "HTTP_DEPLOYMENT_ELSEWHERE", { deploymentId, environment, found });
  return (await deployment.state()).plan.release.id;
}

type Defined<Given> = { readonly [Name in keyof Given]?: Exclude<Given[Name], undefined> };

/** Only what has a value. */
function optional<Given extends object>(given: Given): Defined<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<Given>;
}
