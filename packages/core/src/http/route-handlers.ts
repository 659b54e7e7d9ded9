import type { Http } from "./create-http.js";
import type { FetchHandler } from "./fetch-handler.js";

/** What a route file of Next or SvelteKit exports. */
export type RouteHandlers = Readonly<Record<"GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS", FetchHandler>>;

/**
 * Handlers by method, for a route that catches all paths below the base path: `export const { GET, HEAD, POST, OPTIONS } = toRouteHandlers(http)` in `app/api/[...path]/route.ts` of Next or in
 * `src/routes/api/[...path]/+server.ts` of SvelteKit. What is not answered here is a 404.
 */
export function toRouteHandlers({ fetch }: Pick<Http, "fetch">): RouteHandlers {
  return { GET: fetch, HEAD: fetch, POST: fetch, PUT: fetch, PATCH: fetch, DELETE: fetch, OPTIONS: fetch };
}
