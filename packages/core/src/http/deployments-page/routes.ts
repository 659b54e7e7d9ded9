import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { systemClock } from "../../time/clock.js";
import { createAccess } from "../access.js";
import { requireBasePath } from "../base-path.js";
import { actorOf } from "../deploy/actor.js";
import { createFinder, environmentOf, type ById } from "../deploy/find.js";
import { textReply, type HttpReply, type HttpRequest } from "../exchange.js";
import type { HttpDeployer, HttpOptions } from "../http-options.js";
import type { Identity } from "../identity.js";
import { defineRoute, type Route } from "../route.js";
import { deploymentPage } from "./deployment-page.js";
import { redirectReply, type Frame } from "./frame.js";
import { deploymentLink } from "./links.js";
import { listPage } from "./list-page.js";
import { logText } from "./log-lines.js";
import type { Notice } from "./notices.js";
import { problemPage } from "./problem-page.js";
import { readRollback, readView } from "./read.js";
import { readList } from "./read-list.js";
import { rollbackPage } from "./rollback-page.js";
import * as schemas from "./schemas.js";
import { sayWord, type Word } from "./words-said.js";

const html = { description: "The page", contentType: "text/html" };
const sent = { 303: { description: "Recorded: the page says what has become of it" } };

/** The pages for those who operate: they show, and record what people say. Closed until somebody is known. */
export function deploymentsPageRoutes(options: HttpOptions): readonly Route[] {
  const { deployer, deploymentsPage = "/deployments" } = options;
  return deployer === undefined || deploymentsPage === false ? [] : pagesAt(requireBasePath(deploymentsPage), deployer, options);
}

function pagesAt(path: string, deployer: HttpDeployer, options: HttpOptions): readonly Route[] {
  const { health, status, clock = systemClock } = options;
  const api = requireBasePath(options.basePath ?? "/api");
  const access = createAccess(options);
  const frameOf = ({ prefix = "" }: HttpRequest, identity: Identity | undefined): Frame => ({
    application: deployer.application,
    base: `${prefix}${path}`,
    statusPage: status === undefined ? null : `${prefix}/status`,
    who: identity === undefined ? null : (identity.name ?? identity.id),
  });
  const common = {
    place: "root",
    onError: (error: Parameters<typeof problemPage>[1], request: HttpRequest) => problemPage(frameOf(request, undefined), error),
  } as const;
  const reading = { ...common, method: "GET", permission: "deployments.read", answers: { 200: html } } as const;
  const writing = { ...common, method: "POST", encoding: "form", answers: sent } as const;
  /** A rollback shows what is there: who may not read it may not go back by the page. Throws `HTTP_FORBIDDEN`. */
  const requireReading = async (identity: Identity | undefined, environment: string): Promise<void> => {
    const permission = "deployments.read";
    if (!(await access.allows(identity, permission, { environment }))) throw fail(coreErrors, "HTTP_FORBIDDEN", { permission });
  };
  const find = createFinder(deployer);
  const environmentOfId = async ({ path }: ById): Promise<string> => environmentOf(await find(path));
  // At the root the other paths are the host's.
  const shapes = path === "" ? { shapes: { deploymentId: /^dep_/ } } : {};
  const byId = { parameters: schemas.deploymentPath, environmentOf: environmentOfId, ...shapes };

  const word = (say: Word, did: Notice): Route =>
    defineRoute({
      ...writing,
      ...byId,
      id: `deployments.page.${say}`,
      path: `${path}/{deploymentId}/${say}`,
      permission: say === "abort" ? "deployments.abort" : "deployments.approve",
      summary: `What the form of the page sends: ${say}.`,
      body: schemas.wordForm,
      answer: async ({ request, identity, path: { deploymentId }, body }) => {
        await sayWord(deployer, say, { deploymentId, identity, given: body });
        return redirectReply(`${deploymentLink(frameOf(request, identity).base, deploymentId)}?did=${did}`);
      },
    });

  return [
    defineRoute({
      ...reading,
      id: "deployments.page.list",
      path: path === "" ? "/" : path,
      summary: "The page for those who operate: what serves where, and the history.",
      query: schemas.listQuery,
      environmentOf: ({ query }) => query.environment,
      answer: async ({ request, signedIn, query }) => {
        // Where everybody may read, who is known all the same is offered what they may do.
        const identity = await signedIn("deployments.approve");
        const frame = frameOf(request, identity);
        return listPage(frame, await readList({ deployer, access, identity, health, status, statusPage: frame.statusPage }, query));
      },
    }),
    defineRoute({
      ...reading,
      id: "deployments.page.rollback",
      path: `${path}/rollback`,
      permission: "deployments.rollback",
      summary: "The step before a rollback: what it goes to and what that changes.",
      query: schemas.rollbackQuery,
      environmentOf: ({ query }) => query.environment,
      answer: async ({ request, identity, query: { environment, to } }) => {
        await requireReading(identity, environment);
        return rollbackPage(frameOf(request, identity), await readRollback(deployer, { environment, to, clock }));
      },
    }),
    defineRoute({
      ...reading,
      ...byId,
      id: "deployments.page.one",
      path: `${path}/{deploymentId}`,
      summary: "The page of a deployment: what it waits for, what it changes, its steps and its log.",
      query: schemas.deploymentQuery,
      answer: async ({ request, signedIn, path: asked, query: { all, did, steps } }) => {
        const identity = await signedIn("deployments.approve");
        const found = await find(asked);
        const environment = environmentOf(found);
        const [approve, abort, rollBack] = await Promise.all(
          (["approve", "abort", "rollback"] as const).map((verb) => access.allows(identity, `deployments.${verb}`, { environment })),
        );
        const may = { approve: approve === true, abort: abort === true, rollBack: rollBack === true };
        const eventsAt = `${request.prefix ?? ""}${api}/deploy/events/${encodeURIComponent(asked.deploymentId)}`;
        const actor = actorOf(identity).name;
        return deploymentPage(
          frameOf(request, identity),
          await readView(deployer, found, { may, all: all === "yes", did, steps, eventsAt, actor }),
        );
      },
    }),
    defineRoute({
      ...reading,
      ...byId,
      id: "deployments.page.log",
      path: `${path}/{deploymentId}/log`,
      summary: "The whole log of a deployment, as text.",
      answers: { 200: { description: "A line for each; further lines of one are set in", contentType: "text/plain" } },
      answer: async ({ path: asked }) => {
        const found = await find(asked);
        return logReply(found.kind === "request" ? "" : logText(await deployer.logs(found.deployment.id)));
      },
    }),
    defineRoute({
      ...writing,
      id: "deployments.page.roll-back",
      path: `${path}/rollback`,
      permission: "deployments.rollback",
      summary: "What the form of the page sends: a rollback from what it showed to what it showed. Sent again it is the same one.",
      body: schemas.rollbackForm,
      environmentOf: ({ body }) => body.environment,
      answer: async ({ request, identity, body: { reason, ...wish } }) => {
        await requireReading(identity, wish.environment);
        const why = reason === undefined ? {} : { reason };
        const { id, worker } = await deployer.request({ kind: "rollback", ...wish, actor: actorOf(identity), ...why });
        const did: Notice = worker === null ? "waits" : "asked";
        return redirectReply(`${deploymentLink(frameOf(request, identity).base, id)}?did=${did}`);
      },
    }),
    word("approve", "approved"),
    word("reject", "rejected"),
    word("abort", "stopping"),
  ];
}

function logReply(text: string): HttpReply {
  return textReply(200, text, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  });
}
