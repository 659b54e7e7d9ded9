import type { JsonObject } from "@fairlead/core";
import * as z from "zod";
import type { EmulatorFrame } from "../shared/http-exchange.js";
import {
  jsonAnswer,
  readJson,
  type ActContext,
  type ControlledState,
  type HttpProvider,
  type ProviderAnswer,
  type ProviderCall,
} from "../shared/provider.js";
import { edgeSettingsSchema, type EdgeSettings } from "./edge-options.js";
import type { EdgeProxy } from "./edge-proxy.js";
import type { EdgeService, EdgeState } from "./edge-state.js";
import { problemOfShares } from "../../shares/problem-of-shares.js";

const upstreamSchema = z.strictObject({ url: z.url({ protocol: /^http$/ }) });
const primarySchema = z.strictObject({ upstream: z.string() });
const shiftSchema = z.strictObject({ stable: z.string(), candidate: z.string(), steps: z.array(z.number().min(0).max(100)) });
const weightsSchema = z.record(z.string(), z.number());

interface Parts {
  readonly token: string;
  readonly settings: EdgeSettings;
  readonly edge: EdgeState;
  readonly proxy: EdgeProxy;
  readonly frame: EmulatorFrame;
}

interface Act {
  readonly name: string;
  readonly id: string;
  readonly service: EdgeService;
  readonly body: unknown;
  readonly record: (kind: string, details?: JsonObject) => void;
}

/** The admin API of an edge: `/services/{service}`, `…/upstreams/{id}`, `…/primary`, `…/shift`, `…/weights`, `…/drain/{id}`. */
export function createEdgeProvider({ token, edge, proxy, frame, settings: initial }: Parts): HttpProvider & ControlledState {
  let settings = initial;
  const describe = (name: string, { upstreams, primary, shift, counts }: EdgeService): JsonObject => ({
    service: name,
    upstreams: { ...upstreams },
    ...(primary === undefined ? {} : { primary }),
    ...(shift === undefined ? {} : { shift: { ...shift, steps: [...shift.steps], weights: { ...shift.weights } } }),
    weights: weightsOf({ primary, shift }),
    counts: Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, { ...count }])),
    inFlight: Object.fromEntries(Object.keys(upstreams).map((id) => [id, edge.inFlight(name, id)])),
  });
  const operations: Readonly<Record<string, (act: Act) => ProviderAnswer | Promise<ProviderAnswer>>> = {
    "service.read": async ({ name, service }) => jsonAnswer(200, { ...describe(name, service), url: await proxy.originOf(name) }),
    "upstream.write"({ id, service, body, record }) {
      const { url } = upstreamSchema.parse(body);
      if (service.upstreams[id] !== url) {
        service.upstreams[id] = url;
        record("upstream.written", { upstream: id });
      }
      return jsonAnswer(200, { upstream: id });
    },
    "upstream.remove"({ id, service, record }) {
      if (service.primary === id || (service.shift?.weights[id] ?? 0) > 0) return refusal(409, "the upstream gets requests");
      if (service.upstreams[id] !== undefined) {
        Reflect.deleteProperty(service.upstreams, id);
        record("upstream.removed", { upstream: id });
      }
      return jsonAnswer(200, {});
    },
    "primary.write"({ service, body, record }) {
      const { upstream } = primarySchema.parse(body);
      if (service.upstreams[upstream] === undefined) return refusal(404, "there is no such upstream");
      if (service.primary !== upstream) {
        const from = service.primary ?? null;
        service.primary = upstream;
        record("primary.moved", { upstream, from });
      }
      return jsonAnswer(200, { upstream });
    },
    "shift.open"({ service, body, record }) {
      const { stable, candidate, steps } = shiftSchema.parse(body);
      if ([stable, candidate].some((id) => service.upstreams[id] === undefined)) return refusal(404, "there is no such upstream");
      if (service.shift?.stable !== stable || service.shift.candidate !== candidate) {
        edge.setShift(service, { stable, candidate, steps, weights: { [stable]: 100, [candidate]: 0 } });
        record("shift.opened", { stable, candidate });
      }
      return jsonAnswer(200, weightsOf(service));
    },
    "weights.write"({ service, body, record }) {
      const weights = weightsSchema.parse(body);
      const problem = problemOfShares(service.shift, weights, settings.weights);
      if (service.shift === undefined || problem !== undefined) return refusal(409, problem ?? "");
      const { stable, candidate } = service.shift;
      const share = weights[candidate] ?? 0;
      if (share !== service.shift.weights[candidate]) {
        edge.setShift(service, { ...service.shift, weights: { [stable]: 100 - share, [candidate]: share } });
        record("share.set", { candidate, share });
      }
      return jsonAnswer(200, weightsOf(service));
    },
    "upstream.drain"({ name, id, service, record }) {
      if (service.shift === undefined && service.primary === id) return refusal(409, "the upstream gets all requests");
      const { shift } = service;
      if (shift !== undefined && (shift.weights[id] ?? 0) > 0) {
        const weights = { [shift.stable]: 100, [shift.candidate]: 100, [id]: 0 };
        edge.setShift(service, { ...shift, weights });
        record("share.set", { candidate: shift.candidate, share: weights[shift.candidate] ?? 0 });
      }
      return jsonAnswer(200, { inFlight: edge.inFlight(name, id) });
    },
    "shift.close"({ service, record }) {
      if (service.shift !== undefined) {
        const { stable, candidate } = service.shift;
        edge.setShift(service, undefined);
        record("shift.closed", { stable, candidate });
      }
      return jsonAnswer(200, weightsOf(service));
    },
  };

  return {
    identify: (call) => ({ operation: operationOf(call).operation, authorized: isAuthorized(call, token), path: call.path }),
    async act(call, { effect }) {
      if (!isAuthorized(call, token)) return refusal(401, "the token is not the edge's");
      const { operation, name, id } = operationOf(call);
      const run = operations[operation];
      if (run === undefined) return refusal(404, "there is no such address");
      const record = recorder(effect, name, call);
      try {
        return await run({ name, id, service: edge.service(name), body: readJson(call.body), record });
      } catch (error) {
        if (error instanceof z.ZodError) return refusal(400, z.prettifyError(error));
        throw error;
      }
    },
    refuse({ status, retryAfter, body }) {
      const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return typeof body === "string" ? { status, headers, body } : jsonAnswer(status, body ?? { reason: "a fault" }, headers);
    },
    ledger: () => ({ counts: countsOf(frame), traffic: trafficOf(edge) }),
    state: () => ({ settings: { ...settings }, services: [...edge.services].map(([name, service]) => describe(name, service)) }),
    configure(change) {
      settings = edgeSettingsSchema.parse({ ...settings, ...(change as Partial<EdgeSettings>) });
      return { ...settings };
    },
    snapshot: () => edge.snapshot(),
    restore: (snapshot) => {
      edge.restore(snapshot);
    },
  };
}

const keyHeader = "idempotency-key";

function recorder(effect: ActContext["effect"], name: string, { headers }: ProviderCall): Act["record"] {
  return (kind, details = {}) => {
    effect(kind, name, { ...details, key: String(headers[keyHeader] ?? "") });
  };
}

/** How often each kind of effect came to be under each key. */
function countsOf({ ledger }: EmulatorFrame): JsonObject {
  const counts: Record<string, Record<string, number>> = {};
  for (const { kind, details } of ledger.read().effects) {
    const key = typeof details["key"] === "string" ? details["key"] : "";
    const ofKey = (counts[key] ??= {});
    ofKey[kind] = (ofKey[kind] ?? 0) + 1;
  }
  return counts;
}

function trafficOf({ services }: EdgeState): JsonObject {
  return Object.fromEntries([...services].map(([name, { answered, failed }]) => [name, { answered: { ...answered }, failed }]));
}

function weightsOf({
  shift,
  primary,
}: { readonly [Member in "shift" | "primary"]?: EdgeService[Member] | undefined }): Record<string, number> {
  return shift === undefined ? (primary === undefined ? {} : { [primary]: 100 }) : { ...shift.weights };
}

function operationOf({ method, path }: ProviderCall): { readonly operation: string; readonly name: string; readonly id: string } {
  const [, root, name = "", part = "", id = ""] = path.split("/").map(decodeURIComponent);
  const operation = root === "services" && name !== "" ? operationNames[`${method} ${part}${id === "" ? "" : "/*"}`] : undefined;
  return { operation: operation ?? "unknown", name, id };
}

const operationNames: Readonly<Record<string, string>> = {
  "GET ": "service.read",
  "PUT upstreams/*": "upstream.write",
  "DELETE upstreams/*": "upstream.remove",
  "PUT primary": "primary.write",
  "PUT shift": "shift.open",
  "PUT weights": "weights.write",
  "POST drain/*": "upstream.drain",
  "DELETE shift": "shift.close",
};

function isAuthorized({ headers }: ProviderCall, token: string): boolean {
  return headers.authorization === `Bearer ${token}`;
}

function refusal(status: number, reason: string): ProviderAnswer {
  return jsonAnswer(status, { reason });
}
