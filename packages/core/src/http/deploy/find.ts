import type { Deployment, RequestState } from "../../deployer/types.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail, isFairleadError } from "../../errors/fairlead-error.js";
import type { HttpDeployer } from "../http-options.js";
import { describeDeployment, describeRequest } from "./describe.js";
import type { DeploymentStatus } from "./schemas.js";

/** What an id stands for: a deployment, or a request that has not become one. */
export type Found =
  { readonly kind: "deployment"; readonly deployment: Deployment } | { readonly kind: "request"; readonly request: RequestState };

/** Also by the id of a request that another deployment did already. Throws `DEPLOYMENT_UNKNOWN`. */
export async function findDeployment(deployer: HttpDeployer, id: string): Promise<Found> {
  const known = await deploymentOf(deployer, id);
  if (known !== undefined) return { kind: "deployment", deployment: known };
  const request = await deployer.requested(id);
  if (request === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId: id });
  if (request.deploymentId === null) return { kind: "request", request };
  return { kind: "deployment", deployment: await deployer.deployment(request.deploymentId) };
}

async function deploymentOf(deployer: HttpDeployer, id: string): Promise<Deployment | undefined> {
  try {
    return await deployer.deployment(id);
  } catch (error) {
    if (isFairleadError(error, "DEPLOYMENT_UNKNOWN")) return undefined;
    throw error;
  }
}

/** The parameters of a path, as they were read for one request. */
export interface ById {
  readonly path: { readonly deploymentId: string };
}

/** The same for all who ask on behalf of one answer: who decides whether it may be given has found it before. Each answer has read its path anew, whether or not its request was there before. */
export function createFinder(deployer: HttpDeployer): (path: ById["path"]) => Promise<Found> {
  const found = new WeakMap<ById["path"], Promise<Found>>();
  return (path) => {
    const known = found.get(path) ?? findDeployment(deployer, path.deploymentId);
    found.set(path, known);
    return known;
  };
}

/** Its environment, for whoever decides who may. */
export function environmentOf(found: Found): string {
  return found.kind === "deployment" ? found.deployment.environment : found.request.environment;
}

/** What a word can be said about. Throws `HTTP_NOT_BEGUN` of a request. */
export async function requireBegun(deployer: HttpDeployer, id: string): Promise<Deployment> {
  const found = await findDeployment(deployer, id);
  if (found.kind === "request") throw fail(coreErrors, "HTTP_NOT_BEGUN", { deploymentId: id });
  return found.deployment;
}

/** With the last lines of its log. */
export async function readDeployment(deployer: HttpDeployer, id: string, lines: number): Promise<DeploymentStatus> {
  return describeFound(deployer, await findDeployment(deployer, id), lines);
}

/** The same of what was found. */
export async function describeFound(deployer: HttpDeployer, found: Found, lines: number): Promise<DeploymentStatus> {
  if (found.kind === "request") return describeRequest(found.request);
  const { deployment } = found;
  const [state, log] = await Promise.all([deployment.state(), lines === 0 ? [] : deployer.logs(deployment.id)]);
  return describeDeployment(state, lines === 0 ? [] : log.slice(-lines));
}
