import type { JsonObject } from "@fairlead/core";
import { siteHostHeader } from "../shared/http-emulator.js";
import type { EmulatorFrame } from "../shared/http-exchange.js";
import {
  readJson,
  type CallIdentity,
  type ControlledState,
  type HttpProvider,
  type ProviderAnswer,
  type ProviderCall,
  type RecordEffect,
} from "../shared/provider.js";
import { accountRoutes } from "./account-routes.js";
import { settle, type RecordTimedEffect } from "./agenda.js";
import { aliasRoutes } from "./alias-routes.js";
import { deploymentRoutes } from "./deployment-routes.js";
import { moveRoutes } from "./move-routes.js";
import { projectRoutes } from "./project-routes.js";
import { apiError, findRoute } from "./route.js";
import { deploymentOfHost, serveSite, type ServedRecord } from "./site.js";
import { createVercelState, type VercelState } from "./state.js";
import type { ParsedVercelOptions } from "./vercel-options.js";
import { vercelSettingsSchema, type VercelSettings } from "./vercel-settings.js";
import { toVercelView } from "./vercel-view.js";

const routes = [...deploymentRoutes, ...moveRoutes, ...projectRoutes, ...aliasRoutes, ...accountRoutes];

/** The emulated Vercel: its API and the sites that it hosts. */
export function createVercelProvider(options: ParsedVercelOptions, { clock, ledger }: EmulatorFrame): HttpProvider & ControlledState {
  let settings: VercelSettings = options.settings;
  let state: VercelState = createVercelState(options, clock.now());
  let served: ServedRecord[] = [];
  const { team, token } = options;
  const letTimePass = (): void => {
    const effect: RecordTimedEffect = (at, kind, subject, details = {}) => {
      ledger.effect({ at, kind, subject, details });
    };
    settle({ state, team: team.slug, effect }, clock.now());
  };

  const answerApi = (call: ProviderCall, effect: RecordEffect): ProviderAnswer => {
    const found = findRoute(routes, call.method, call.path);
    if (found === undefined) return apiError(404, "not_found", `Could not find the resource: ${call.method} ${call.path}`);
    if (!isAuthorized(call, token)) return apiError(403, "forbidden", "Not authorized", { invalidToken: true });
    const scope = call.query.get("teamId") ?? call.query.get("slug");
    if (scope !== null && scope !== team.id && scope !== team.slug)
      return apiError(403, "forbidden", "Not authorized: trying to access a resource under a scope you're not part of");
    const body = call.body.byteLength === 0 || found.route.operation === "file.upload" ? {} : readJson(call.body);
    if (body === undefined || body === null || typeof body !== "object") return apiError(400, "bad_request", "Invalid JSON");
    return found.route.act({
      state,
      team,
      settings,
      call,
      now: clock.now,
      params: found.params,
      body: body as JsonObject,
      effect,
      settle: letTimePass,
    });
  };

  return {
    identify: (call) => identify(call, state, token),
    act(call, { effect }) {
      letTimePass();
      const host = siteHost(call, state);
      if (host === undefined) return answerApi(call, effect);
      const { answer, served: record } = serveSite({ state, settings, call, host }, clock.now());
      served.push(record);
      return answer;
    },
    refuse: ({ status, retryAfter, body }, call) => {
      const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      if (typeof body === "string") return { status, headers: { "content-type": "text/html; charset=utf-8", ...headers }, body };
      const answer =
        siteHost(call, state) === undefined
          ? apiError(status, codeOf(status), `Emulated ${String(status)}`, limitOf(status, retryAfter, clock.now()))
          : { status, body: codeOf(status) };
      return { ...answer, headers: { ...answer.headers, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    },
    ledger: () => {
      letTimePass();
      return { served: served.map((record) => ({ ...record })) };
    },
    state: () => {
      letTimePass();
      return toVercelView(state);
    },
    configure(change) {
      settings = vercelSettingsSchema.parse({ ...settings, ...(change as Partial<VercelSettings>) });
      return { ...settings };
    },
    snapshot: () => structuredClone(state),
    restore(snapshot) {
      state = snapshot === undefined ? createVercelState(options, clock.now()) : structuredClone(snapshot as VercelState);
      served = [];
    },
  };
}

function identify(call: ProviderCall, state: VercelState, token: string): CallIdentity {
  const host = siteHost(call, state);
  if (host !== undefined) return { operation: "site.serve", authorized: true, path: call.path, host };
  const operation = findRoute(routes, call.method, call.path)?.route.operation ?? "unknown";
  return {
    operation,
    authorized: isAuthorized(call, token),
    path: call.path,
    digestOnly: operation === "variable.write" || operation === "file.upload",
  };
}

function isAuthorized({ headers }: ProviderCall, token: string): boolean {
  return headers.authorization === `Bearer ${token}`;
}

/** The site that a request is for: said by the header of the emulator, or by a `Host` that belongs to one. */
function siteHost({ headers }: ProviderCall, state: VercelState): string | undefined {
  const said = headers[siteHostHeader];
  if (typeof said === "string") return said;
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  return [host, host.replace(/\.localhost$/, "")].find((one) => deploymentOfHost(state, one) !== undefined);
}

function codeOf(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    401: "unauthorized",
    402: "payment_required",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    413: "entity_too_large",
    422: "unprocessable_entity",
    429: "rate_limited",
    503: "service_unavailable",
  };
  return codes[status] ?? (status >= 500 ? "internal_server_error" : "bad_request");
}

function limitOf(status: number, retryAfter: number | string | undefined, now: number): JsonObject {
  if (status !== 429) return {};
  const resetMs = now + (typeof retryAfter === "number" ? retryAfter : 1) * 1_000;
  return { limit: { remaining: 0, reset: Math.ceil(resetMs / 1_000), resetMs, total: 100 } };
}
