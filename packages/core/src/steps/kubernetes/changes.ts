import { digestOf } from "../../json/canonical-json.js";
import type { Json, JsonObject } from "../../json/json.js";
import { isList, isObject } from "./json-value.js";
import { declaredPart, type KubernetesObject } from "./kubernetes-object.js";
import type { KubernetesProgram } from "./kubernetes-program.js";

interface FieldChange {
  /** `spec.template.spec.containers[web].image` */
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** What will become of an object. */
export interface ObjectChange {
  readonly address: string;
  readonly action: "create" | "change" | "none";
  readonly digest: string;
  readonly fields: readonly FieldChange[];
  /** As it is now. */
  readonly live: KubernetesObject | undefined;
}

/** What applying these files would change now. */
export async function changesOf(kubectl: KubernetesProgram, files: readonly string[]): Promise<readonly ObjectChange[]> {
  const [wanted, live] = await Promise.all([kubectl.wouldBe(files), kubectl.live(files)]);
  return changesBetween(wanted, live);
}

/** Holds objects as they would be against those that are there. Of one that is made the server fills in what differs each time, so its digest is over nothing: its manifest is pinned. */
function changesBetween(wanted: readonly KubernetesObject[], live: readonly KubernetesObject[]): readonly ObjectChange[] {
  const known = new Map(live.map((object) => [object.address, object]));
  return wanted.map(({ address, document }): ObjectChange => {
    const found = known.get(address);
    if (found === undefined) return { address, action: "create", digest: digestOf("create"), fields: [], live: undefined };
    const fields = fieldChanges(declaredPart(found.document), declaredPart(document), "");
    const digest = digestOf(fields.map(({ path, after }) => ({ path, after })));
    return { address, action: fields.length === 0 ? "none" : "change", digest, fields, live: found };
  });
}

/** Changes in lines for people. Of values it tells images and numbers of replicas: any other may be secret. */
export function changeLines(changes: readonly ObjectChange[]): readonly string[] {
  const count = (action: ObjectChange["action"]): string => String(changes.filter((one) => one.action === action).length);
  return [
    `${count("create")} to create, ${count("change")} to change, ${count("none")} as they are`,
    ...changes.flatMap(({ address, action, fields }) => {
      if (action === "none") return [];
      return action === "create" ? [`+ ${address}`] : [`~ ${address}: ${fields.map(fieldText).join(", ")}`];
    }),
  ];
}

function fieldText({ path, before, after }: FieldChange): string {
  return /(^|\.)(image|replicas)$/.test(path) ? `${path} ${valueText(before)} → ${valueText(after)}` : path;
}

function valueText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fieldChanges(before: Json | undefined, after: Json | undefined, path: string): readonly FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => fieldChanges(before[name], after[name], path === "" ? name : `${path}.${name}`));
  }
  if (isList(before) && isList(after)) {
    const [old, now] = [namedItems(before), namedItems(after)];
    if (old !== undefined && now !== undefined) {
      const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
      return names.flatMap((name) => fieldChanges(old[name], now[name], `${path}[${name}]`));
    }
  }
  return digestOf(before ?? null) === digestOf(after ?? null) ? [] : [{ path, before: before ?? null, after: after ?? null }];
}

/** The items of a list by their names, where all have one. */
function namedItems(items: readonly Json[]): JsonObject | undefined {
  const named = items.flatMap((item): [string, Json][] =>
    isObject(item) && typeof item["name"] === "string" ? [[item["name"], item]] : [],
  );
  return named.length === items.length && new Set(named.map(([name]) => name)).size === items.length
    ? Object.fromEntries(named)
    : undefined;
}
