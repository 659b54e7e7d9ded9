import { fail } from "@fairlead/core";
import * as z from "zod";
import { vercelErrors } from "../vercel-errors.js";
import { readDeployment, type VercelDeployment } from "./deployment.js";
import { memberOf } from "../json.js";
import { readDomains, type DomainPage } from "./domains.js";
import { readEvent, type VercelEvent } from "./event.js";
import { readProject, type VercelProject } from "./project.js";
import type { ApiAnswer, ApiCall, VercelApi } from "./vercel-api.js";

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

/** What creating came to: a deployment, or the digests of files that Vercel does not have yet. */
export type Created = { readonly created: VercelDeployment } | { readonly missing: readonly string[] };

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
  create(body: NewDeployment, options: { readonly prebuilt: boolean; readonly timeout: number }, signal: AbortSignal): Promise<Created>;
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
  const projectPath = (id: string): string => `/v9/projects/${encodeURIComponent(id)}`;
  const deploymentPath = (version: number, id: string): string => `/v${String(version)}/deployments/${encodeURIComponent(id)}`;
  let known: { readonly id: string; readonly name: string } | undefined;

  const client: VercelClient = {
    async project(signal) {
      const query = { rollbackInfo: "true" };
      const call: ApiCall = { operation: `read the project ${project}`, path: projectPath(project), query, accept: [404] };
      const found = await api.read(call, ({ status, json }) => (status === 404 ? missing : readProject(json)), signal);
      if (found === missing) throw fail(vercelErrors, "VERCEL_PROJECT_MISSING", { project, team: team ?? "" });
      known = { id: found.id, name: found.name };
      return found;
    },
    identity: async (signal) => known ?? client.project(signal),

    async deployment(id, signal) {
      const call: ApiCall = { operation: `read the deployment ${id}`, path: deploymentPath(13, id), accept: [404, 410] };
      const found = await api.read(call, ({ json, error }) => (error === undefined ? readDeployment(json) : missing), signal);
      return found === missing ? undefined : found;
    },

    async deploymentsWith(meta, signal) {
      const { id } = await client.identity(signal);
      const filters = Object.entries(meta).map(([name, value]): [string, string] => [`meta-${name}`, value]);
      const query = { projectId: id, limit: "100", ...Object.fromEntries(filters) };
      const found = await api.read({ operation: "look for deployments", path: "/v6/deployments", query }, readList, signal);
      // Were the filter not understood, every deployment of the project would come.
      const wanted = found.filter((one) => Object.entries(meta).every(([name, value]) => one.meta[name] === value));
      return wanted.toReversed().sort((one, other) => one.createdAt - other.createdAt);
    },

    async rollbackCandidates(signal) {
      const { id } = await client.identity(signal);
      const query = { projectId: id, target: "production", state: "READY", rollbackCandidate: "true", limit: "100" };
      return api.read({ operation: "list the deployments to go back to", path: "/v6/deployments", query }, readList, signal);
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
      const read = ({ json, error }: ApiAnswer): Created | undefined => {
        if (error !== undefined) return { missing: readMissing(json) ?? raise(error) };
        const created = readDeployment(json);
        return created === undefined ? undefined : { created };
      };
      return api.read(call, read, signal);
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
        const query = { production: "true", limit: "100", ...(until === undefined ? {} : { until }) };
        const call: ApiCall = { operation: "list the domains of the project", path: `${projectPath(id)}/domains`, query };
        return api.read(call, ({ json }) => readDomains(json), signal);
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
      const found = await api.read(call, ({ json, error }) => (error === undefined ? readAlias(json) : missing), signal);
      return found === missing ? undefined : found;
    },

    async assignAlias(id, domain, signal) {
      const operation = `point ${domain} to ${id}`;
      const path = `${deploymentPath(2, id)}/aliases`;
      await api.call({ operation, method: "POST", path, json: { alias: domain }, repeatable: true, accept: [409] }, signal);
    },

    async cancel(id, signal) {
      const path = `${deploymentPath(12, id)}/cancel`;
      await api.call({ operation: `cancel ${id}`, method: "PATCH", path, repeatable: true, accept: [400, 404, 409, 410] }, signal);
    },

    async remove(id, signal) {
      const path = deploymentPath(13, id);
      await api.call({ operation: `remove ${id}`, method: "DELETE", path, repeatable: true, accept: [404, 410] }, signal);
    },

    events(id, signal) {
      const query = { direction: "forward", builds: "1", limit: "-1" };
      const call: ApiCall = { operation: `read the log of ${id}`, path: `${deploymentPath(3, id)}/events`, query, accept: [404] };
      return api.read(call, ({ json, error }) => (error === undefined ? readEvents(json) : []), signal);
    },
  };
  return client;
}

/** Says that there is no such thing, which is an answer. */
const missing = Symbol("missing");

function readList({ json }: ApiAnswer): readonly VercelDeployment[] | undefined {
  return listSchema.safeParse(json).data?.deployments.flatMap((one) => readDeployment(one) ?? []);
}

function readMissing(json: unknown): readonly string[] | undefined {
  const said = memberOf(json, "error");
  const shas = memberOf(said, "missing");
  if (memberOf(said, "code") !== "missing_files" || !Array.isArray(shas)) return undefined;
  return shas.filter((sha): sha is string => typeof sha === "string");
}

/** An alias may show nothing. */
function readAlias(json: unknown): string | typeof missing | undefined {
  const id = memberOf(json, "deploymentId");
  if (typeof id === "string") return id;
  return typeof memberOf(json, "alias") === "string" ? missing : undefined;
}

function readEvents(json: unknown): readonly VercelEvent[] | undefined {
  return Array.isArray(json) ? json.flatMap((event: unknown) => readEvent(event) ?? []) : undefined;
}

function raise(error: Error): never {
  throw error;
}
