import * as z from "zod";
import { isObject } from "./json-value.js";
import type { Json, JsonObject } from "../../json/json.js";

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const answer = z.union([z.looseObject({ kind: z.literal("List"), items: z.array(object) }), object]);

/** An object of a cluster, as it is read. */
export interface KubernetesObject {
  /** `Deployment shop/web`, and its group where that is not one of Kubernetes' own short ones. */
  readonly address: string;
  readonly kind: string;
  readonly document: JsonObject;
}

/** Reads what `kubectl … -o json` has answered: an object, a list of them, or nothing. Throws for anything else. */
export function readObjects(text: string): readonly KubernetesObject[] {
  if (text.trim() === "") return [];
  const read = answer.parse(JSON.parse(text));
  const documents = "items" in read ? z.array(object).parse(read.items) : [object.parse(read)];
  return documents.map((document) => ({ address: addressOf(document), kind: document.kind, document: document as JsonObject }));
}

function addressOf({ apiVersion, kind, metadata: { name, namespace } }: z.output<typeof object>): string {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const what = group.includes(".") && !group.endsWith(".k8s.io") ? `${kind}.${group}` : kind;
  return `${what} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

const ofTheServer = new Set(["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"]);

/** An object without what the server alone says of it. */
export function declaredPart(document: JsonObject): JsonObject {
  const metadata = isObject(document["metadata"]) ? document["metadata"] : {};
  const { status: _, ...rest } = document;
  return { ...rest, metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !ofTheServer.has(name))) };
}

/** What names an object. */
export function namesOf({ document }: KubernetesObject): JsonObject {
  const metadata = isObject(document["metadata"]) ? document["metadata"] : {};
  const { name, namespace } = metadata;
  return {
    apiVersion: document["apiVersion"],
    kind: document["kind"],
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** Several objects as one manifest. Not as a List: of one the program can ask no server whether its fields are right. */
export function manifestText(documents: readonly JsonObject[]): string {
  return documents.map((document) => `---\n${JSON.stringify(document)}\n`).join("");
}

/** Several objects as `readObjects` reads them. */
export function listOf(documents: readonly JsonObject[]): string {
  const items: readonly Json[] = documents;
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
