import type { Health } from "../health/index.js";
import { toRespond, type HealthHandlerOptions } from "./health-respond.js";
import { pathUnknown } from "./problem.js";

/** Takes a `Request`, or what carries one: an event of SvelteKit, a context of Astro. */
export type FetchHandler = (input: Request | { readonly request: Request }) => Promise<Response>;

/**
 * Health for whatever speaks the Web's `Request` and `Response`: SvelteKit, Next, Hono, Bun, Deno. Only reads the snapshot. A path that is not its own is a 404. Throws
 * `HTTP_BASE_PATH_INVALID`; the handler never rejects.
 */
export function toFetchHandler(health: Pick<Health, "snapshot">, options?: HealthHandlerOptions): FetchHandler {
  const respond = toRespond(health, options);
  return async (input) => {
    const { method, url } = "request" in input ? input.request : input;
    const { status, headers, body } = respond({ method, path: url }) ?? pathUnknown(method);
    return new Response(method === "HEAD" ? null : body, { status, headers });
  };
}
