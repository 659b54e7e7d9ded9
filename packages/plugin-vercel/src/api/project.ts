import * as z from "zod";
import { readDeployment, type VercelDeployment } from "./deployment.js";

/** A promotion or rollback of a project. */
export interface VercelMove {
  readonly to: string;
  /** As the API words it. */
  readonly status: string;
  /** Epoch milliseconds, by Vercel's clock. */
  readonly requestedAt: number;
}

/** What the plugin knows of a project. */
export interface VercelProject {
  readonly id: string;
  readonly name: string;
  /** The production deployment, as far as the project names it. */
  readonly production: VercelDeployment | undefined;
  /** The last promotion or rollback; the API may not tell, even after a success. */
  readonly move: VercelMove | undefined;
  /** `false`: production deployments get no domains by themselves, because it is set so or since a rollback. */
  readonly autoAssigns: boolean | undefined;
  /** The connected Git repository, where one deploys by itself. */
  readonly git: { readonly repository: string; readonly productionBranch: string } | undefined;
  /** Whether a promotion would move traffic in stages. */
  readonly rollingRelease: boolean;
}

const schema = z.looseObject({
  id: z.string(),
  name: z.string(),
  autoAssignCustomDomains: z.boolean().nullish(),
  targets: z.looseObject({ production: z.unknown().optional() }).nullish(),
  lastAliasRequest: z
    .looseObject({ toDeploymentId: z.string(), jobStatus: z.string(), requestedAt: z.number() })
    .nullish()
    .catch(undefined),
  link: z
    .looseObject({
      type: z.string().optional(),
      org: z.string().optional(),
      repo: z.string().optional(),
      productionBranch: z.string().optional(),
    })
    .nullish()
    .catch(undefined),
  gitProviderOptions: z.looseObject({ createDeployments: z.string().optional() }).nullish().catch(undefined),
  rollingRelease: z.unknown().optional(),
});

/** Reads a project from an answer; `undefined` where it is none. */
export function readProject(json: unknown): VercelProject | undefined {
  const { data } = schema.safeParse(json);
  if (data === undefined) return undefined;
  const { id, name, autoAssignCustomDomains, targets, lastAliasRequest, link, gitProviderOptions, rollingRelease } = data;
  const deploysByGit = link !== undefined && link !== null && gitProviderOptions?.createDeployments !== "disabled";
  return {
    id,
    name,
    production: readDeployment(targets?.production),
    move:
      lastAliasRequest === undefined || lastAliasRequest === null
        ? undefined
        : { to: lastAliasRequest.toDeploymentId, status: lastAliasRequest.jobStatus, requestedAt: lastAliasRequest.requestedAt },
    autoAssigns: autoAssignCustomDomains ?? undefined,
    git: deploysByGit
      ? {
          repository: [link.org, link.repo].filter((part) => part !== undefined).join("/"),
          productionBranch: link.productionBranch ?? "main",
        }
      : undefined,
    rollingRelease: typeof rollingRelease === "object" && rollingRelease !== null,
  };
}

/** Whether a promotion or rollback is under way. */
export function isMoving({ move }: VercelProject): boolean {
  return move !== undefined && (move.status === "pending" || move.status === "in-progress");
}
