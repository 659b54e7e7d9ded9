import type { ComponentReference, DeploymentCall, PrepareInput } from "@fairlead/core";
import type { VercelDeployment } from "./api/deployment.js";

/** What a deployment of ours says about itself in its `meta`. */
export const metaNames = {
  key: "fairleadKey",
  release: "fairleadRelease",
  application: "fairleadApplication",
  environment: "fairleadEnvironment",
  component: "fairleadComponent",
  deployment: "fairleadDeployment",
} as const;

export function toMeta(input: PrepareInput, { deploymentId }: DeploymentCall): Readonly<Record<string, string>> {
  return {
    [metaNames.key]: input.key,
    [metaNames.release]: input.release.id,
    [metaNames.deployment]: deploymentId,
    ...componentMeta(input),
  };
}

/** What all deployments of one component in one environment have in common. */
export function componentMeta({ application, environment, component }: ComponentReference): Readonly<Record<string, string>> {
  return { [metaNames.application]: application, [metaNames.environment]: environment, [metaNames.component]: component };
}

/** The release that a deployment was told; `undefined` for one that others made. */
export function releaseOf({ meta }: VercelDeployment): string | undefined {
  return meta[metaNames.release];
}

/** Whose deployment it is, unless it is one of this component. */
export function strangerOf({ meta }: VercelDeployment, component: ComponentReference): string | undefined {
  if (Object.entries(componentMeta(component)).every(([name, value]) => meta[name] === value)) return undefined;
  const names = [metaNames.application, metaNames.environment, metaNames.component].map((name) => meta[name]);
  return names.every((name) => name === undefined)
    ? "somebody who did not deploy it with Fairlead"
    : names.map((name) => name ?? "?").join("/");
}
