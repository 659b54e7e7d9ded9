import type { Json, JsonObject } from "../../json/json.js";
import { isList, isObject } from "./json-value.js";
import { namesOf, type KubernetesObject } from "./kubernetes-object.js";

/** Who applies, in the eyes of the server. */
export const fieldManager = "fairlead";

/** The fields of an object that Fairlead has applied, as `managedFields` writes them; `undefined` where it has applied none. */
export function appliedFields({ document }: KubernetesObject): JsonObject | undefined {
  const metadata = isObject(document["metadata"]) ? document["metadata"] : {};
  const entries = isList(metadata["managedFields"]) ? metadata["managedFields"] : [];
  const own = entries.filter(isObject).find((entry) => entry["manager"] === fieldManager && entry["operation"] === "Apply");
  return isObject(own?.["fieldsV1"]) ? own["fieldsV1"] : undefined;
}

/** Either's fields. */
export function unitedFields(one: JsonObject, other: JsonObject): JsonObject {
  // A field with nothing below it is meant as a whole.
  if (Object.keys(one).length === 0 || Object.keys(other).length === 0) return {};
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name) => {
      const [a, b] = [one[name], other[name]];
      return [name, isObject(a) && isObject(b) ? unitedFields(a, b) : (a ?? b)];
    }),
  );
}

/** These fields of an object as a manifest: to apply it says that they are as they are there, and that those which are not there go. */
export function manifestOf(object: KubernetesObject, fields: JsonObject): JsonObject {
  const picked = picking(object.document, fields);
  const names = namesOf(object);
  const metadata = isObject(picked) && isObject(picked["metadata"]) ? picked["metadata"] : {};
  return {
    ...(isObject(picked) ? picked : {}),
    ...names,
    metadata: { ...metadata, ...(isObject(names["metadata"]) ? names["metadata"] : {}) },
  };
}

function picking(value: Json, fields: JsonObject): Json {
  const below = Object.entries(fields).filter(([segment]) => segment !== ".");
  if (Object.keys(fields).length === 0) return value;
  if (isObject(value)) {
    return Object.fromEntries(
      below.flatMap(([segment, deeper]) => {
        const name = segment.slice(2);
        const member = value[name];
        return member === undefined ? [] : [[name, picking(member, isObject(deeper) ? deeper : {})]];
      }),
    );
  }
  if (!isList(value)) return value;
  return value.flatMap((item): Json[] => {
    const found = below.find(([segment]) => isMeant(item, segment));
    if (found === undefined) return [];
    const [segment, deeper] = found;
    if (!segment.startsWith("k:") || !isObject(item)) return [item];
    const picked = picking(item, isObject(deeper) ? deeper : {});
    return [{ ...(JSON.parse(segment.slice(2)) as JsonObject), ...(isObject(picked) ? picked : {}) }];
  });
}

/** Whether a segment of a path names this item of a list. */
function isMeant(item: Json, segment: string): boolean {
  const wanted = JSON.parse(segment.slice(2)) as Json;
  if (segment.startsWith("v:")) return JSON.stringify(item) === JSON.stringify(wanted);
  if (!isObject(item) || !isObject(wanted)) return false;
  // What is left out of a port is its default.
  return Object.entries(wanted).every(([key, value]) => (item[key] ?? (key === "protocol" ? "TCP" : undefined)) === value);
}
