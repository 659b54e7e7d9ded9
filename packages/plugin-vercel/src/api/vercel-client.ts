import { fail } from "@fairlead/core";
import * as z from "zod";
import { vercelErrors } from "../vercel-errors.js";
import { readDeployment, type VercelDeployment } from "./deployment.js";
import { memberOf } from "../json.js";
import { readDomains, type DomainPage } from "./domains.js";
import { readEvent, type VercelEvent } from "./event.js";
import { readProject, type VercelProject } from "./project.js";
import type { ApiCall, VercelApi } from "./vercel-api.js";

/** What a deployment is created from. */
export interface NewDeployment {
  readonly name: string;
  readonly project: string;
  readonly target?: "production";
  readonly customEnvironmentSlugOrId?: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly { readonly file: string; readonly sha: string; readonly size: number; readonly mode: number }[];
}

/** The calls that the plugin makes, for one project. All of them may be made again; creating, promoting and rolling back are sent once and left to the caller to look after. */
export interface VercelClient {
  /** Rejects with `VERCEL_PROJECT_MISSING`. */
  project(signal: AbortSignal): Promise<VercelProject>;
  /** Id and name, which do not change while this process lives. */
  identity(signal: AbortSignal): Promise<{ readonly id: string; readonly name: string }>;
  deployment(id: string, signal: AbortSignal): Promise<VercelDeployment | undefined>;
  /** Deployments with all of these entries in their `meta`, the oldest first. */
  deploymentsWith(meta: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly VercelDeployment[]>;
  /** Production deployments that a rollback may go to, the newest first. */
  rollbackCandidates(signal: AbortSignal): Promise<readonly VercelDeployment[]>;
  /** Creates a deployment, or answers the digests of the files that Vercel does not have yet. Sent once. */
  create(
    body: NewDeployment,
    options: { readonly prebuilt: boolean; readonly timeout: number },
    signal: AbortSignal,
  ): Promise<{ readonly created: VercelDeployment } | { readonly missing: readonly string[] }>;
  upload(file: { readonly sha: string; readonly content: Blob; readonly timeout: number }, signal: AbortSignal): Promise<void>;
  /** Asks for a move of production, once. `conflict`: another one runs, or it serves already. `refused`: not in this way. */
  move(kind: "promote" | "rollback", id: string, signal: AbortSignal): Promise<"accepted" | "queued" | "conflict" | "refused">;
  /** Domains that serve production: verified, not redirecting, of no branch and no custom environment. */
  productionDomains(signal: AbortSignal): Promise<readonly string[]>;
  /** The deployment that a domain shows. */
  aliasOf(domain: string, signal: AbortSignal): Promise<string | undefined>;
  assignAlias(id: string, domain: string, signal: AbortSignal): Promise<void>;
  /** Stops a build; what has ended already is fine. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
  /** What is gone already is fine. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  events(id: string, signal: AbortSignal): Promise<readonly VercelEvent[]>;
}

const listSchema = z.looseObject({ deployments: z.array(z.unknown()) });

export interface VercelClientOptions {
  readonly api: VercelApi;
  readonly project: string;
  readonly team: string | undefined;
}

export function createVercelClient({ api, project, team }: VercelClientOptions): VercelClient {
  const send = async <Result>(call: ApiCall, read: (json: unknown) => Result | undefined, signal: AbortSignal): Promise<Result> => {
    const { json } = await api.call(call, signal);
    const result = read(json);
    if (result === undefined) throw unreadable(call.operation);
    return result;
  };

  const readWhole = async (signal: AbortSignal): Promise<VercelProject> => {
    const call: ApiCall = {
      operation: `read the project ${project}`,
      path: `/v9/projects/${encodeURIComponent(project)}`,
      query: { rollbackInfo: "true" },
      accept: [404],
    };
    const { status, json } = await api.call(call, signal);
    if (status === 404) throw fail(vercelErrors, "VERCEL_PROJECT_MISSING", { project, team: team ?? "" });
    return readProject(json) ?? raise(unreadable(call.operation));
  };

  let known: { readonly id: string; readonly name: string } | undefined;
  const client: VercelClient = {
    async project(signal) {
      const read = await readWhole(signal);
      known = { id: read.id, name: read.name };
      return read;
    },
    identity: async (signal) => known ?? client.project(signal),

    async deployment(id, signal) {
      const call: ApiCall = {
        operation: `read the deployment ${id}`,
        path: `/v13/deployments/${encodeURIComponent(id)}`,
        accept: [404, 410],
      };
      const { status, json } = await api.call(call, signal);
      if (status === 404 || status === 410) return undefined;
      return readDeployment(json) ?? raise(unreadable(call.operation));
    },

    async deploymentsWith(meta, signal) {
      const { id } = await client.identity(signal);
      const filters = Object.entries(meta).map(([name, value]): [string, string] => [`meta-${name}`, value]);
      const call: ApiCall = {
        operation: "look for deployments",
        path: "/v6/deployments",
        query: { projectId: id, limit: "100", ...Object.fromEntries(filters) },
      };
      const found = await send(call, readList, signal);
      // The filter is checked again: were it not understood, every deployment of the project would come.
      const wanted = found.filter((one) => Object.entries(meta).every(([name, value]) => one.meta[name] === value));
      return wanted.toReversed().sort((one, other) => one.createdAt - other.createdAt);
    },

    async rollbackCandidates(signal) {
      const { id } = await client.identity(signal);
      const query = { projectId: id, target: "production", state: "READY", rollbackCandidate: "true", limit: "100" };
      return send({ operation: "list the deployments to go back to", path: "/v6/deployments", query }, readList, signal);
    },

    async create(body, { prebuilt, timeout }, signal) {
      const call: ApiCall = {
        operation: "create a deployment",
        method: "POST",
        path: "/v13/deployments",
        query: { skipAutoDetectionConfirmation: "1", ...(prebuilt ? { prebuilt: "1" } : {}) },
        json: {
          ...body,
          ...(body.target === "production" ? { autoAssignCustomDomains: false } : {}),
          build: { env: body.env },
          version: 2,
        },
        timeout,
        accept: [400],
      };
      const { json, error } = await api.call(call, signal);
      if (error === undefined) return { created: readDeployment(json) ?? raise(unreadable(call.operation)) };
      return { missing: readMissing(json) ?? raise(error) };
    },

    async upload({ sha, content, timeout }, signal) {
      const headers = { "content-type": "application/octet-stream", "x-now-digest": sha, "x-now-size": String(content.size) };
      const file = { content, headers };
      await api.call({ operation: "upload a file", method: "POST", path: "/v2/files", file, timeout, repeatable: true }, signal);
    },

    async move(kind, id, signal) {
      const { id: projectId } = await client.identity(signal);
      const version = kind === "promote" ? "v10" : "v1";
      const call: ApiCall = {
        operation: kind === "promote" ? `promote ${id}` : `roll back to ${id}`,
        method: "POST",
        path: `/${version}/projects/${encodeURIComponent(projectId)}/${kind}/${encodeURIComponent(id)}`,
        json: {},
        accept: kind === "rollback" ? [402, 409, 422] : [409],
      };
      const { status } = await api.call(call, signal);
      if (status === 409) return "conflict";
      if (status === 402 || status === 422) return "refused";
      return status === 202 ? "queued" : "accepted";
    },

    async productionDomains(signal) {
      const { id } = await client.identity(signal);
      const readPage = (until: string | undefined): Promise<DomainPage> => {
        const path = `/v9/projects/${encodeURIComponent(id)}/domains`;
        const query = { production: "true", limit: "100", ...(until === undefined ? {} : { until }) };
        return send({ operation: "list the domains of the project", path, query }, readDomains, signal);
      };
      let page = await readPage(undefined);
      const names = [...page.names];
      while (page.next !== undefined) {
        page = await readPage(page.next);
        names.push(...page.names);
      }
      return names;
    },

    async aliasOf(domain, signal) {
      const call: ApiCall = { operation: `ask what ${domain} shows`, path: `/v4/aliases/${encodeURIComponent(domain)}`, accept: [404] };
      const { status, json } = await api.call(call, signal);
      const id = memberOf(json, "deploymentId");
      return status !== 404 && typeof id === "string" ? id : undefined;
    },

    async assignAlias(id, domain, signal) {
      const path = `/v2/deployments/${encodeURIComponent(id)}/aliases`;
      const operation = `point ${domain} to ${id}`;
      await api.call({ operation, method: "POST", path, json: { alias: domain }, repeatable: true, accept: [409] }, signal);
    },

    async cancel(id, signal) {
      const path = `/v12/deployments/${encodeURIComponent(id)}/cancel`;
      await api.call({ operation: `cancel ${id}`, method: "PATCH", path, repeatable: true, accept: [400, 404, 409, 410] }, signal);
    },

    async remove(id, signal) {
      const path = `/v13/deployments/${encodeURIComponent(id)}`;
      await api.call({ operation: `remove ${id}`, method: "DELETE", path, repeatable: true, accept: [404, 410] }, signal);
    },

    async events(id, signal) {
      const path = `/v3/deployments/${encodeURIComponent(id)}/events`;
      const query = { direction: "forward", builds: "1", limit: "-1" };
      const { json } = await api.call({ operation: `read the log of ${id}`, path, query, accept: [404] }, signal);
      return Array.isArray(json) ? json.flatMap((event: unknown) => readEvent(event) ?? []) : [];
    },
  };
  return client;
}

function readList(json: unknown): readonly VercelDeployment[] | undefined {
  return listSchema.safeParse(json).data?.deployments.flatMap((one) => readDeployment(one) ?? []);
}

function readMissing(json: unknown): readonly string[] | undefined {
  const said = memberOf(json, "error");
  const missing = memberOf(said, "missing");
  if (memberOf(said, "code") !== "missing_files" || !Array.isArray(missing)) return undefined;
  return missing.filter((sha): sha is string => typeof sha === "string");
}

function unreadable(operation: string): Error {
  return fail(vercelErrors, "VERCEL_ANSWER_UNREADABLE", { operation, problem: "something is missing in it" });
}

function raise(error: Error): never {
  throw error;
}
