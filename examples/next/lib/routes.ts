import { toRouteHandlers } from "@fairlead/core/http";
import { shop } from "./shop.ts";

/** What a route file exports. What Fairlead does not know is the application's 404. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = toRouteHandlers({
  fetch: async (request) => shop.http.fetchOwn(request) ?? new Response("Not found", { status: 404 }),
});
