import { isMoving } from "../api/project.js";
import type { VercelContext } from "../context.js";
import { moveProduction } from "./move-production.js";
import type { Traffic } from "./traffic.js";

/** Traffic of production: all domains of the project, moved by promotions and rollbacks. */
export function createProductionTraffic(context: VercelContext): Traffic {
  const { client, settings } = context;
  const domainsOf = async (signal: AbortSignal): Promise<readonly string[]> => settings.domains ?? client.productionDomains(signal);
  return {
    domains: domainsOf,

    async showing(signal) {
      const [project, domains] = await Promise.all([client.project(signal), domainsOf(signal)]);
      const coming = isMoving(project) ? project.move?.to : undefined;
      const shown = await Promise.all(domains.map((domain) => client.aliasOf(domain, signal)));
      // A first move that failed half way leaves domains with a deployment that the project does not name.
      const id = project.production?.id ?? coming ?? shown.find((one) => one !== undefined);
      const deployment = id === undefined ? undefined : await client.deployment(id, signal);
      if (deployment === undefined) return undefined;
      const others = domains.filter((_, index) => shown[index] !== deployment.id);
      const notes = [
        ...(coming === undefined ? [] : [`production is being moved to ${coming}`]),
        ...(others.length === 0 ? [] : [`${others.join(", ")} ${others.length === 1 ? "shows" : "show"} another deployment or none`]),
      ];
      return {
        deployment,
        involved: [deployment.id, coming, ...shown].filter((one) => one !== undefined),
        settled: notes.length === 0,
        ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
      };
    },

    move: (destination, call) => moveProduction(context, destination, call),
    retained: (_, signal) => client.rollbackCandidates(signal),
  };
}
