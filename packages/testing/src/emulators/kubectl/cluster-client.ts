import { request } from "node:http";
import { text as readAll } from "node:stream/consumers";
import type { Json, JsonObject } from "@fairlead/core";
import { isObject } from "../kubernetes/fields.js";
import { rootOf, servedKinds } from "../kubernetes/kinds.js";
import { KubectlRefusal } from "./kubectl-refusal.js";

/** An object of a manifest, and where the API has it. */
export interface ManifestObject {
  readonly document: JsonObject;
  readonly path: string;
  /** `deployment.apps/web` */
  readonly text: string;
}

/** Finds the place of an object. Throws for a kind that is not served. */
export function placeOf(document: JsonObject, namespace: string): ManifestObject {
  const metadata = isObject(document["metadata"]) ? document["metadata"] : {};
  const apiVersion = textIn(document, "apiVersion");
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const served = servedKinds.find((one) => one.kind === document["kind"] && one.group === group);
  if (served === undefined) throw new KubectlRefusal(`no matches for kind "${textIn(document, "kind")}" in version "${apiVersion}"`);
  const name = textIn(metadata, "name");
  const where = served.namespaced ? `/namespaces/${textIn({ namespace, ...metadata }, "namespace")}` : "";
  const named = served.namespaced ? { ...document, metadata: { ...metadata, namespace: metadata["namespace"] ?? namespace } } : document;
  return {
    document: named,
    path: `${rootOf(group)}${where}/${served.plural}/${name}`,
    text: `${served.kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`,
  };
}

function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === "string" ? value : "";
}

/** Asks the API. Answers `undefined` for what is not there; throws as the program words a refusal. */
export async function ask(
  server: string,
  method: string,
  path: string,
  body?: { readonly type: string; readonly value: Json },
): Promise<JsonObject | undefined> {
  const { status, text } = await send(new URL(server + path), method, body).catch(() => {
    throw new KubectlRefusal(`Unable to connect to the server: dial tcp ${new URL(server).host}: connect: connection refused`);
  });
  const answer = JSON.parse(text) as JsonObject;
  if (status >= 200 && status < 300) return answer;
  const message = textIn(answer, "message");
  if (status === 404 && method === "GET") return undefined;
  if (message.startsWith("Apply failed")) throw new KubectlRefusal(message);
  throw new KubectlRefusal(`Error from server (${textIn(answer, "reason")}): ${message}`);
}

/** By `node:http`: the first `fetch` of a process takes as long as the rest of a command. */
function send(
  url: URL,
  method: string,
  body: { readonly type: string; readonly value: Json } | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": body.type };
    const sent = request(url, { method, headers }, (response) => {
      readAll(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject);
    });
    sent.once("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body.value));
  });
}
