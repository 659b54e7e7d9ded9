import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "@fairlead/core";
import type { RecordEffect } from "../shared/provider.js";
import { isObject } from "./fields.js";
import { apiVersionOf, type ServedKind } from "./kinds.js";
import { managedFieldsOf, type Owner, type Written } from "./ownership.js";
import { Refusal } from "./refusal.js";

/** An object as the emulator keeps it: without what is made when it is read. */
export interface StoredObject extends Written {
  readonly served: ServedKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  /** When its specification was changed last. */
  readonly changedAt: number;
  readonly generation: number;
  readonly version: number;
}

export interface Address {
  readonly served: ServedKind;
  readonly namespace: string;
  readonly name: string;
}

/** What is in the cluster. */
export interface Objects {
  get(address: Address): StoredObject | undefined;
  list(served: ServedKind, namespace: string): readonly StoredObject[];
  all(): readonly StoredObject[];
  /** Keeps what was written, unless `dryRun`; nothing happens where nothing has changed. Answers the object as it stands then. */
  put(address: Address, written: Written, options: { readonly dryRun: boolean; readonly effect: RecordEffect }): StoredObject;
  remove(object: StoredObject, effect: RecordEffect): void;
  readonly version: () => number;
  snapshot(): readonly [string, StoredObject][];
  restore(entries: readonly [string, StoredObject][]): void;
}

export function createObjects(now: () => number): Objects {
  let objects = new Map<string, StoredObject>();
  let version = 1;
  const keyOf = ({ served, namespace, name }: Address): string => `${served.group}/${served.kind}/${namespace}/${name}`;
  const remove = (object: StoredObject, effect: RecordEffect): void => {
    version += 1;
    objects.delete(keyOf(object));
    effect("object.deleted", textOf(object));
  };
  return {
    get: (address) => objects.get(keyOf(address)),
    list: (served, namespace) =>
      [...objects.values()].filter((one) => one.served === served && (namespace === "" || one.namespace === namespace)),
    all: () => [...objects.values()],
    put(address, written, { dryRun, effect }) {
      const before = objects.get(keyOf(address));
      if (before !== undefined && sameContent(before, written)) return before;
      requireUnchanged(before, written.object);
      const isRespecified = before === undefined || JSON.stringify(before.object["spec"]) !== JSON.stringify(written.object["spec"]);
      const object: StoredObject = {
        ...address,
        ...written,
        uid: before?.uid ?? randomUUID(),
        createdAt: before?.createdAt ?? now(),
        changedAt: isRespecified ? now() : before.changedAt,
        generation: (before?.generation ?? 0) + (isRespecified ? 1 : 0),
        version: version + 1,
      };
      if (dryRun) return object;
      version += 1;
      objects.set(keyOf(address), object);
      effect(before === undefined ? "object.created" : "object.changed", textOf(object));
      return object;
    },
    remove(object, effect) {
      remove(object, effect);
      if (object.served.kind !== "Namespace") return;
      for (const inside of [...objects.values()].filter(({ namespace }) => namespace === object.name)) remove(inside, effect);
    },
    version: () => version,
    snapshot: () => structuredClone([...objects]),
    restore(entries) {
      objects = new Map(structuredClone(entries));
    },
  };
}

/** `Deployment shop/web`. */
export function textOf({ served, namespace, name }: Address): string {
  return `${served.kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
}

/** An object as it is read. */
export function documentOf(stored: StoredObject, status: JsonObject | undefined): JsonObject {
  const { served, namespace, name, uid, createdAt, generation, version, owners, object } = stored;
  const own = isObject(object["metadata"]) ? object["metadata"] : {};
  return {
    ...object,
    apiVersion: apiVersionOf(served),
    kind: served.kind,
    metadata: {
      ...own,
      name,
      ...(namespace === "" ? {} : { namespace }),
      uid,
      resourceVersion: String(version),
      ...(object["spec"] === undefined ? {} : { generation }),
      creationTimestamp: new Date(createdAt).toISOString().replace(/\.\d+Z$/, "Z"),
      managedFields: managedFieldsOf(owners, apiVersionOf(served)),
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** What the server fills in where it was left out. */
export function withDefaults(given: JsonObject, before: JsonObject | undefined): JsonObject {
  const object = withProtocols(given);
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const kind = object["kind"];
  if (kind === "Deployment" || kind === "StatefulSet") return { ...object, spec: { replicas: 1, ...spec } };
  if (kind !== "Service" || spec["clusterIP"] !== undefined) return object;
  const known = isObject(before?.["spec"]) ? before["spec"]["clusterIP"] : undefined;
  const byte = (): string => String(1 + Math.floor(Math.random() * 250));
  return { ...object, spec: { type: "ClusterIP", ...spec, clusterIP: known ?? `10.96.${byte()}.${byte()}` } };
}

/** A port is one of TCP where nothing else is said. */
function withProtocols(value: JsonObject): JsonObject {
  const visit = (name: string, member: Json): Json => {
    if (Array.isArray(member))
      return (member as readonly Json[]).map((item) =>
        name === "ports" && isObject(item) ? { protocol: "TCP", ...item } : visit("", item),
      );
    return isObject(member) ? withProtocols(member) : member;
  };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(name, member ?? null)]));
}

function requireUnchanged(before: StoredObject | undefined, after: JsonObject): void {
  if (before === undefined) return;
  const fixed: Readonly<Record<string, readonly string[]>> = {
    Job: ["template", "selector"],
    Deployment: ["selector"],
    StatefulSet: ["selector", "serviceName"],
  };
  const of = (object: JsonObject, name: string): Json => (isObject(object["spec"]) ? (object["spec"][name] ?? null) : null);
  const field = (fixed[before.served.kind] ?? []).find(
    (name) => JSON.stringify(of(before.object, name)) !== JSON.stringify(of(after, name)),
  );
  if (field === undefined) return;
  const what = `${before.served.kind}${before.served.group === "" ? "" : `.${before.served.group}`} "${before.name}"`;
  throw new Refusal(422, "Invalid", `${what} is invalid: spec.${field}: Invalid value: field is immutable`);
}

function sameContent(before: StoredObject, written: Written): boolean {
  const of = (owners: readonly Owner[]): string =>
    JSON.stringify(owners.map(({ manager, operation, paths }) => JSON.stringify([manager, operation, [...paths.keys()].sort()])).sort());
  return canonical(before.object) === canonical(written.object) && of(before.owners) === of(written.owners);
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, member: Json) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
