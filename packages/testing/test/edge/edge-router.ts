import {
  defineErrors,
  error,
  fail,
  isFairleadError,
  type CallOptions,
  type ComponentReference,
  type TrafficRouter,
  type TrafficWeights,
} from "@fairlead/core";
import * as z from "zod";

const edgeErrors = defineErrors({
  EDGE_REFUSED: error<{ reason: string }>({
    status: 409,
    retryable: false,
    message: ({ reason }) => `The edge refused: ${reason}.`,
    hint: () => "Read the reason.",
  }),
  EDGE_UNREACHABLE: error<{ status: number }>({
    status: 503,
    retryable: true,
    message: ({ status }) => `The edge did not answer (${String(status)}).`,
    hint: () => "Try again.",
  }),
});

/** Where an edge is administered, and with what. */
export interface EdgeAccess {
  readonly url: string;
  readonly token: string;
}

type EdgeCall = CallOptions & { readonly idempotencyKey?: string };

const weightsSchema = z.record(z.string(), z.number());
const serviceSchema = z.object({ weights: weightsSchema });
const countsSchema = z.object({ counts: z.record(z.string(), z.object({ requests: z.int(), errors: z.int() })) });
const drainSchema = z.object({ inFlight: z.int() });
const reasonSchema = z.object({ reason: z.string() }).catch({ reason: "no reason" });

/** The edge's name for a component. */
export function serviceOf({ application, environment, component }: ComponentReference): string {
  return `${application}.${environment}.${component}`;
}

/** One request to the admin API. Rejects with an error that says whether another attempt may help. */
export async function callEdge(
  { url, token }: EdgeAccess,
  { signal, idempotencyKey = "" }: EdgeCall,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<unknown> {
  try {
    const response = await fetch(new URL(`/services/${path}`, url), {
      method,
      signal,
      headers: { authorization: `Bearer ${token}`, "idempotency-key": idempotencyKey, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    if (response.status >= 500 || response.status === 429) throw fail(edgeErrors, "EDGE_UNREACHABLE", { status: response.status });
    throw fail(edgeErrors, "EDGE_REFUSED", reasonSchema.parse(answer));
  } catch (problem) {
    signal.throwIfAborted();
    if (isFairleadError(problem)) throw problem;
    throw fail(edgeErrors, "EDGE_UNREACHABLE", { status: 0 });
  }
}

/** A router before the emulated edge. */
export function createEdgeRouter(access: EdgeAccess): TrafficRouter {
  const change = async (
    component: ComponentReference,
    call: EdgeCall,
    request: { method: string; path: string; body?: unknown },
  ): Promise<unknown> => callEdge(access, call, { ...request, path: `${serviceOf(component)}/${request.path}` });
  return {
    describe: () => ({ weights: "any", drain: true, affinity: "cookie", segments: [], metrics: true, lossless: true }),
    async open({ stable, candidate, steps, ...component }, call) {
      await change(component, call, { method: "PUT", path: "shift", body: { stable: stable.id, candidate: candidate.id, steps } });
    },
    async setWeights({ weights, ...component }, call) {
      await change(component, call, { method: "PUT", path: "weights", body: weights });
    },
    async getWeights(component, call): Promise<TrafficWeights> {
      return serviceSchema.parse(await callEdge(access, call, { method: "GET", path: serviceOf(component) })).weights;
    },
    async counts(component, call) {
      const { counts } = countsSchema.parse(await callEdge(access, call, { method: "GET", path: serviceOf(component) }));
      return Object.entries(counts).map(([candidate, count]) => ({ candidate, ...count }));
    },
    async drain({ candidate, ...component }, call) {
      for (;;) {
        const { inFlight } = drainSchema.parse(await change(component, call, { method: "POST", path: `drain/${candidate.id}` }));
        if (inFlight === 0) return { inFlight };
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close(component, call) {
      await change(component, call, { method: "DELETE", path: "shift" });
    },
  };
}
