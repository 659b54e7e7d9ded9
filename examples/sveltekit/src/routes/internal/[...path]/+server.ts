import { createHttp, toRouteHandlers } from "@fairlead/core/http";
import { health } from "$lib/server/shop.ts";

/** Health once more, for what asks inside of the network: as a route of its own it needs no hook. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = toRouteHandlers(createHttp({ health, basePath: "/internal" }));
