import type { Http } from "./create-http.js";

/** SvelteKit's `handle`, as far as it is used; `Event` is its `RequestEvent`. */
export type SvelteKitHandle = <Event extends { readonly request: Request }>(input: {
  readonly event: Event;
  readonly resolve: (event: Event) => Response | Promise<Response>;
}) => Response | Promise<Response>;

/**
 * Answers in `src/hooks.server.ts`, before routes: `export const handle = svelteKitHandle(http, { building })`, alone or in `sequence()`. What is not answered here goes on to the application's routes.
 * `building` of `$app/environment`: while pages are prerendered nothing is answered. Default false.
 */
export function svelteKitHandle(
  { fetchOwn }: Pick<Http, "fetchOwn">,
  { building = false }: { readonly building?: boolean } = {},
): SvelteKitHandle {
  return ({ event, resolve }) => (building ? undefined : fetchOwn(event)) ?? resolve(event);
}
