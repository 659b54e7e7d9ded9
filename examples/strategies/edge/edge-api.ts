import { fail, isFairleadError, type CallOptions, type ComponentReference } from "@fairlead/core";
import * as z from "zod";
import { edgeErrors } from "./edge-errors.ts";

const shiftSchema = z.object({ stable: z.string(), candidate: z.string() });
const serviceSchema = z.object({
  /** Where users ask. */
  url: z.string(),
  /** Addresses by the id of the upstream. */
  upstreams: z.record(z.string(), z.string()),
  /** The upstream that gets all requests while no shift is open. */
  primary: z.string().optional(),
  shift: shiftSchema.optional(),
  /** Percentages of new requests. */
  weights: z.record(z.string(), z.number()),
  /** Requests by the id of the upstream, and of those the ones that it failed. */
  counts: z.record(z.string(), z.object({ requests: z.int(), errors: z.int() })),
});
const refusalSchema = z.object({ reason: z.string() }).catch({ reason: "it did not say why" });
const drainSchema = z.object({ inFlight: z.int() });

/** What the edge says about a component. */
export type EdgeService = z.infer<typeof serviceSchema>;

type Call = CallOptions & { readonly idempotencyKey?: string };

/** The edge's admin API, as far as it is used. Rejects with errors that say whether another try may help. */
export interface EdgeApi {
  read(component: ComponentReference, call: CallOptions): Promise<EdgeService>;
  /** Changes something of the component's: `upstreams/<id>`, `primary`, `shift`, `weights`. */
  change(
    component: ComponentReference,
    call: Call,
    change: { readonly method: string; readonly path: string; readonly body?: unknown },
  ): Promise<void>;
  /** Sends no new request to an upstream, and answers how many it still has. */
  drain(component: ComponentReference, call: Call, upstream: string): Promise<number>;
}

export function createEdgeApi(url: string, token: string): EdgeApi {
  const ask = async (
    { application, environment, component }: ComponentReference,
    { signal, idempotencyKey }: Call,
    { method, path = "", body }: { readonly method: string; readonly path?: string; readonly body?: unknown },
  ): Promise<unknown> => {
    const service = encodeURIComponent(`${application}.${environment}.${component}`);
    try {
      const response = await fetch(new URL(`/services/${service}${path === "" ? "" : `/${path}`}`, url), {
        method,
        signal,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (response.ok) return answer;
      if (response.status >= 500 || response.status === 429) throw fail(edgeErrors, "EDGE_UNAVAILABLE", { status: response.status });
      throw fail(edgeErrors, "EDGE_REFUSED", refusalSchema.parse(answer));
    } catch (error) {
      signal.throwIfAborted();
      // What `fetch` throws names the address and the headers.
      throw isFairleadError(error) ? error : fail(edgeErrors, "EDGE_UNAVAILABLE", { status: 0 });
    }
  };
  return {
    read: async (component, call) => serviceSchema.parse(await ask(component, call, { method: "GET" })),
    async change(component, call, change) {
      await ask(component, call, change);
    },
    drain: async (component, call, upstream) =>
      drainSchema.parse(await ask(component, call, { method: "POST", path: `drain/${upstream}` })).inFlight,
  };
}
