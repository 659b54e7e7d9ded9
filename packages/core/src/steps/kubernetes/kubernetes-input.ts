import * as z from "zod";
import type { JsonObject } from "../../json/json.js";
import type { KubernetesSettings } from "./kubernetes-options.js";
import { manifestsDigest } from "./manifests.js";

const schema = z.object({
  manifests: z.array(z.string()),
  digest: z.string(),
  context: z.string().optional(),
  namespace: z.string().optional(),
  kubeconfig: z.string().optional(),
  forceConflicts: z.boolean(),
});

/** What the plan of the deployment pins: what is applied, and where. How the program is run comes from the configuration. */
export type KubernetesInput = z.output<typeof schema>;

/** Reads the manifests anew, as a deployer lives longer than a plan. */
export function kubernetesInput({ manifests, context, namespace, kubeconfig, forceConflicts }: KubernetesSettings): JsonObject {
  return {
    manifests: [...manifests],
    digest: manifestsDigest(manifests),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    forceConflicts,
  };
}

/** Reads what a plan has pinned. */
export function readKubernetesInput(input: JsonObject): KubernetesInput {
  return schema.parse(input);
}

/** What a deployment journals of the changes that were found, and what their making is bound to. No value of any object is in it, but for images and numbers of replicas. */
export const plannedObjects = z.object({
  hasChanges: z.boolean(),
  /** For people who are to agree to it. */
  summary: z.array(z.string()),
  /** The address of the cluster. */
  server: z.string(),
  objects: z.array(
    z.object({
      address: z.string(),
      action: z.enum(["create", "change", "none"]),
      /** Over what changes, and into what. */
      digest: z.string(),
    }),
  ),
});

export type PlannedObjects = z.output<typeof plannedObjects>;
