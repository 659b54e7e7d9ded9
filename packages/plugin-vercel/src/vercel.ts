import { definePlugin, type PluginFactory } from "@fairlead/core";
import { createVercelApi } from "./api/vercel-api.js";
import { createVercelClient } from "./api/vercel-client.js";
import { createProjectCheck } from "./checks/project-check.js";
import { createSiteCheck } from "./checks/site-check.js";
import type { VercelContext } from "./context.js";
import { vercelOptions, type VercelOptions } from "./options.js";
import { placementOf } from "./placement.js";
import { createAliasTraffic } from "./traffic/alias-traffic.js";
import { createProductionTraffic } from "./traffic/production-traffic.js";
import { createVercelTarget } from "./vercel-target.js";

/**
 * Deploys web components to a Vercel project: `vercel({ project: "shop", token: secret("VERCEL_TOKEN") })`. Provides the target, and checks of the project and of what it serves. The first
 * call loads what it needs; making the plugin does nothing.
 */
export const vercel: PluginFactory<"vercel", "target" | "checks", VercelOptions> = definePlugin({
  id: "vercel",
  provides: ["target", "checks"],
  options: vercelOptions,
  place: ({ project, team }) => `Vercel project ${team === undefined ? project : `${team}/${project}`}`,
  setup: (settings, { name, clock, environment, redact }) => {
    const { apiUrl, token, team, project, requestTimeout, fetch } = settings;
    const placement = placementOf(settings, environment);
    const api = createVercelApi({ clock, fetch, apiUrl, token, team, requestTimeout, redact });
    const context: VercelContext = { name, client: createVercelClient({ api, project, team }), clock, settings, placement };
    const traffic = placement.kind === "production" ? createProductionTraffic(context) : createAliasTraffic(context, placement);
    return {
      target: createVercelTarget(context, traffic),
      checks: [createProjectCheck(context), createSiteCheck(context, traffic)],
    };
  },
});
