import { deploymentsPageRoutes } from "./deployments-page/routes.js";
import { deployRoutes } from "./deploy/routes.js";
import { healthTickRoutes } from "./health-tick.js";
import type { HttpOptions } from "./http-options.js";
import type { Route } from "./route.js";
import { statusRoutes } from "./status-routes.js";

/** All routes besides those of health, a line for each group. A group lies in a file of its own, and answers none where its part of the options is absent. */
export function routesOf(options: HttpOptions): readonly Route[] {
  return [...healthTickRoutes(options), ...deployRoutes(options), ...deploymentsPageRoutes(options), ...statusRoutes(options)];
}
