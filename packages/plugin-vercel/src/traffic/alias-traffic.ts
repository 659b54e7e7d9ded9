import { fail } from "@fairlead/core";
import type { VercelContext } from "../context.js";
import { componentMeta } from "../meta.js";
import { domainOf, type Placement } from "../placement.js";
import { standingOf } from "../standing.js";
import { vercelErrors } from "../vercel-errors.js";
import type { Traffic } from "./traffic.js";

/** Traffic of an environment of preview deployments: one domain, whose alias is what serves. */
export function createAliasTraffic({ client }: VercelContext, placement: Extract<Placement, { kind: "preview" }>): Traffic {
  const domain = async (signal: AbortSignal): Promise<string> => domainOf(placement, await client.identity(signal));
  return {
    domains: async (signal) => [await domain(signal)],

    async showing(signal) {
      const id = await client.aliasOf(await domain(signal), signal);
      const deployment = id === undefined ? undefined : await client.deployment(id, signal);
      return deployment === undefined ? undefined : { deployment, involved: [deployment.id], settled: true };
    },

    async move({ deployment: { id }, domains }, { signal, log }) {
      for (const name of domains) {
        if ((await client.aliasOf(name, signal)) === id) continue;
        await client.assignAlias(id, name, signal);
        const shown = await client.aliasOf(name, signal);
        if (shown !== id) throw fail(vercelErrors, "VERCEL_MOVE_FAILED", { candidate: id, outcome: `${name} did not change`, moved: [] });
        log.info(`${name} was pointed to ${id}`);
      }
    },

    async retained(component, signal) {
      const found = await client.deploymentsWith(componentMeta(component), signal);
      return found.filter((one) => standingOf(one).status === "ready").toReversed();
    },
  };
}
