import type { Json, JsonObject } from "@fairlead/core";
import { apiVersionOf, rootOf, servedGroups, servedKinds, type ServedKind } from "./kinds.js";

const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

/** What the API says about itself at a path, as far as clients ask for it; `undefined` where it says nothing. */
export function discoveryAt(path: string): JsonObject | undefined {
  if (path === "/version") return { major: "1", minor: "32", gitVersion: "v1.32.0-emulator", platform: "emulator" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (path === "/apis")
    return { kind: "APIGroupList", apiVersion: "v1", groups: servedGroups.filter((group) => group !== "").map(groupDocument) };
  if (path === "/openapi/v3") {
    const roots = servedGroups.map((group) => rootOf(group).slice(1));
    return { paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) };
  }
  const group = servedGroups.find((one) => path === rootOf(one) || path === `/openapi/v3${rootOf(one)}`);
  if (group === undefined) return undefined;
  const kinds = servedKinds.filter((one) => one.group === group);
  return path.startsWith("/openapi") ? openApi(kinds) : resourceList(group, kinds);
}

function groupDocument(name: string): Json {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string, kinds: readonly ServedKind[]): JsonObject {
  const resources = kinds.map(({ kind, plural, namespaced, shortNames }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs,
    shortNames: [...shortNames],
  }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf({ group, version: "v1" }), resources };
}

/** Nothing but what says that an object can be patched, and that its fields are validated. */
function openApi(kinds: readonly ServedKind[]): JsonObject {
  const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
    name,
    in: "query",
    schema: { type: "string" },
  }));
  const paths = kinds.map(({ group, version, kind, plural, namespaced }) => [
    `${rootOf(group)}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}/{name}`,
    { patch: { "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": { group, version, kind }, parameters, responses: {} } },
  ]);
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "v1.32.0" }, paths: Object.fromEntries(paths) as JsonObject };
}
