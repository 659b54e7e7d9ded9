import type { JsonObject } from "@fairlead/core";
import type { ReadyState, VercelState } from "./state.js";

/** What the account holds, for assertions. */
export interface VercelView {
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly productionDeploymentId: string | null;
    readonly autoAssignCustomDomains: boolean;
    /** Each production domain and the deployment that it shows. */
    readonly domains: Readonly<Record<string, string | null>>;
    /** How the last promotion or rollback stands. */
    readonly move: { readonly type: "promote" | "rollback"; readonly toDeploymentId: string; readonly status: string } | null;
  }[];
  /** Oldest first, the deleted ones included. */
  readonly deployments: readonly {
    readonly id: string;
    /** Its immutable host. */
    readonly url: string;
    readonly projectId: string;
    readonly target: "production" | "preview";
    readonly readyState: ReadyState;
    readonly readySubstate: "STAGED" | "PROMOTED" | null;
    readonly meta: Readonly<Record<string, string>>;
    readonly files: readonly string[];
    readonly deleted: boolean;
  }[];
}

export function toVercelView(state: VercelState): VercelView & JsonObject {
  return {
    projects: [...state.projects.values()].map(({ id, name, productionDeploymentId, autoAssignCustomDomains, domains, move }) => ({
      id,
      name,
      productionDeploymentId,
      autoAssignCustomDomains,
      domains: Object.fromEntries(
        domains.map((domain): [string, string | null] => [domain, state.aliases.get(domain)?.deploymentId ?? null]),
      ),
      move: move === undefined ? null : { type: move.type, toDeploymentId: move.toDeploymentId, status: move.status },
    })),
    deployments: [...state.deployments.values()].map(
      ({ id, host, projectId, target, state: readyState, substate, meta, files, deleted }) => ({
        id,
        url: host,
        projectId,
        target,
        readyState,
        readySubstate: substate ?? null,
        meta,
        files: [...files.keys()],
        deleted,
      }),
    ),
  };
}
