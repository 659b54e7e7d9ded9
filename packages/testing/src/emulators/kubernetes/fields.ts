import type { Json, JsonObject } from "@fairlead/core";

/**
 * The fields of an object as server-side apply sees them. A path is a list of segments as in `managedFields`: `f:name` a member, `k:{…}` the item of a list with these keys,
 * `v:…` the item of a set with this value, and `.` the item itself.
 */
export type Fields = ReadonlyMap<string, { readonly path: readonly string[]; readonly value: Json }>;

type Writable = { [name: string]: Json | undefined };

/** Lists whose items are known by keys, and sets, by their names. Every other list is one field. */
const keysOfLists: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  imagePullSecrets: ["name"],
  volumeClaimTemplates: ["name"],
};
const keysOfPorts = {
  ports: [
    ["containerPort", "protocol"],
    ["port", "protocol"],
  ],
} as const;
const sets: ReadonlySet<string> = new Set(["finalizers"]);
/** Objects that are one field. */
const atomic: ReadonlySet<string> = new Set(["selector", "nodeSelector", "resourceFieldRef", "fieldRef"]);

/** What nobody owns: it names the object, or is the server's own. */
const unowned: ReadonlySet<string> = new Set(["apiVersion", "kind", "status"]);
const unownedMetadata: ReadonlySet<string> = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
]);

export function fieldsOf(object: JsonObject): Fields {
  const fields = new Map<string, { path: readonly string[]; value: Json }>();
  const add = (path: readonly string[], value: Json): void => {
    fields.set(keyOf(path), { path, value });
  };
  const visitItems = (path: readonly string[], items: readonly Json[], keys: readonly string[]): void => {
    for (const item of items) {
      const segment = itemSegment(item, keys);
      add([...path, segment, "."], null);
      if (isObject(item)) visitMembers([...path, segment], item);
    }
  };
  const visit = (path: readonly string[], name: string, value: Json): void => {
    if (Array.isArray(value)) {
      const items = value as readonly Json[];
      const keys = keysOf(name, items);
      if (keys !== undefined) visitItems(path, items, keys);
      else if (sets.has(name)) for (const item of items) add([...path, `v:${JSON.stringify(item)}`], item);
      else add(path, value);
    } else if (isObject(value) && !atomic.has(name) && Object.keys(value).length > 0) visitMembers(path, value);
    else add(path, value);
  };
  const visitMembers = (path: readonly string[], value: JsonObject): void => {
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined || (path.length === 0 && unowned.has(name))) continue;
      if (path.length === 1 && path[0] === "f:metadata" && unownedMetadata.has(name)) continue;
      visit([...path, `f:${name}`], name, member);
    }
  };
  visitMembers([], object);
  return fields;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Writes a field into an object, with all that is above it. */
export function setField(object: Writable, path: readonly string[], value: Json): void {
  let at: Writable | Json[] = object;
  for (const [index, segment] of path.entries()) {
    if (segment === ".") return;
    const isLast = index === path.length - 1;
    const next = path[index + 1] ?? "";
    if (segment.startsWith("f:")) {
      const record: Writable = at as Writable;
      const name = segment.slice(2);
      // An object that is empty says nothing about what others have in it.
      if (isLast) record[name] = isObject(value) && isObject(record[name]) && Object.keys(value).length === 0 ? record[name] : value;
      else at = (record[name] ??= next.startsWith("f:") ? {} : []) as Writable | Json[];
    } else at = itemOf(at as Json[], segment);
  }
}

/** Takes a field out of an object, with what is empty above it. */
export function removeField(object: Writable, path: readonly string[]): void {
  const trail: { readonly at: Writable | Json[]; readonly segment: string }[] = [];
  let at: Json | Writable | undefined = object;
  for (const segment of path) {
    if (segment === "." || at === undefined || at === null || typeof at !== "object") break;
    trail.push({ at: at as Writable | Json[], segment });
    at = segment.startsWith("f:") ? (at as Writable)[segment.slice(2)] : findItem(at as Json[], segment);
  }
  for (const [index, { at: parent, segment }] of trail.reverse().entries()) {
    const child = segment.startsWith("f:") ? (parent as Writable)[segment.slice(2)] : findItem(parent as Json[], segment);
    const isEmpty = typeof child === "object" && child !== null && Object.keys(child).length === 0;
    if (index > 0 && !isEmpty) return;
    if (segment.startsWith("f:")) Reflect.deleteProperty(parent, segment.slice(2));
    else if (child !== undefined) (parent as Json[]).splice((parent as Json[]).indexOf(child), 1);
  }
}

/** Paths as `managedFields` writes them. */
export function toFieldsV1(paths: Iterable<readonly string[]>): JsonObject {
  const root: Writable = {};
  for (const path of paths) {
    let at = root;
    for (const segment of path) at = (at[segment] ??= {}) as Writable;
  }
  return root;
}

function itemSegment(item: Json, keys: readonly string[]): string {
  const record = isObject(item) ? item : {};
  const known = keys.flatMap((key): [string, Json][] => {
    const value = record[key] ?? (key === "protocol" ? "TCP" : undefined);
    return value === undefined ? [] : [[key, value]];
  });
  return `k:${JSON.stringify(Object.fromEntries(known))}`;
}

function keysOf(name: string, items: readonly Json[]): readonly string[] | undefined {
  if (name !== "ports") return keysOfLists[name];
  return keysOfPorts.ports.find(([key]) => items.every((item) => isObject(item) && key in item));
}

function findItem(items: readonly Json[], segment: string): Json | undefined {
  const wanted = JSON.parse(segment.slice(2)) as Json;
  if (segment.startsWith("v:")) return items.find((item) => item === wanted);
  const keys = Object.entries(wanted as JsonObject);
  return items.find(
    (item) => isObject(item) && keys.every(([key, value]) => (item[key] ?? (key === "protocol" ? "TCP" : undefined)) === value),
  );
}

function itemOf(items: Json[], segment: string): Writable {
  const known = findItem(items, segment);
  if (isObject(known)) return known;
  const made = JSON.parse(segment.slice(2)) as Writable;
  items.push(segment.startsWith("v:") ? made : made);
  return made;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
