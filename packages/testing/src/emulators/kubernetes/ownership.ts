import type { Json, JsonObject } from "@fairlead/core";
import { fieldsOf, removeField, setField, toFieldsV1, type Fields } from "./fields.js";

/** Who owns which fields of an object. */
export interface Owner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly time: string;
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

export interface Conflict {
  readonly manager: string;
  readonly operation: Owner["operation"];
  readonly field: string;
}

export interface Written {
  readonly object: JsonObject;
  readonly owners: readonly Owner[];
}

type Who = Pick<Owner, "manager" | "operation" | "time">;

/** Server-side apply: what is applied is set and owned; what its manager applied before and does not any more is taken out, unless somebody else owns it too. */
export function applyTo(
  live: Written | undefined,
  applied: JsonObject,
  { who, force }: { readonly who: Who; readonly force: boolean },
): Written | { readonly conflicts: readonly Conflict[] } {
  const { object: before = { apiVersion: applied["apiVersion"], kind: applied["kind"] }, owners = [] } = live ?? {};
  const wanted = fieldsOf(applied);
  const current = fieldsOf(before);
  const mine = owners.find((owner) => isSame(owner, who));
  const others = owners.filter((owner) => !isSame(owner, who));
  const differing = new Set([...wanted.keys()].filter((key) => differs(current, wanted, key)));
  const conflicts = others.flatMap(({ manager, operation, paths }) =>
    [...differing].filter((key) => paths.has(key)).map((key) => ({ manager, operation, field: fieldText(wanted, key) })),
  );
  if (conflicts.length > 0 && !force) return { conflicts };

  const object: { [name: string]: Json | undefined } = structuredClone(before);
  for (const [key, path] of mine?.paths ?? [])
    if (!wanted.has(key) && !others.some(({ paths }) => paths.has(key))) removeField(object, path);
  for (const { path, value } of wanted.values()) setField(object, path, structuredClone(value));
  const paths = new Map([...wanted].map(([key, { path }]) => [key, path]));
  return { object, owners: [...without(others, differing), { ...who, time: timeOf(mine, who, { paths, differing }), paths }] };
}

/** Who applies the same again has done nothing. */
function timeOf(
  mine: Owner | undefined,
  { time }: Who,
  { paths, differing }: { readonly paths: Owner["paths"]; readonly differing: ReadonlySet<string> },
): string {
  return mine !== undefined && differing.size === 0 && sameKeys(mine.paths, paths) ? mine.time : time;
}

/** Any other way to write: what has changed is owned by who changed it, and by nobody else. */
export function replaceWith(live: Written | undefined, object: JsonObject, who: Who): Written {
  const wanted = fieldsOf(object);
  const current = fieldsOf(live?.object ?? {});
  const changed = new Set([...wanted.keys()].filter((key) => !current.has(key) || differs(current, wanted, key)));
  const gone = new Set([...current.keys()].filter((key) => !wanted.has(key)));
  const mine = live?.owners.find((owner) => isSame(owner, who));
  const others = (live?.owners ?? []).filter((owner) => !isSame(owner, who));
  const paths = new Map([...(mine?.paths ?? [])].filter(([key]) => !gone.has(key)));
  for (const key of changed) paths.set(key, wanted.get(key)?.path ?? []);
  const time = changed.size === 0 ? (mine?.time ?? who.time) : who.time;
  return { object, owners: [...without(others, new Set([...changed, ...gone])), ...(paths.size === 0 ? [] : [{ ...who, time, paths }])] };
}

/** Owners as an object shows them. */
export function managedFieldsOf(owners: readonly Owner[], apiVersion: string): Json {
  return owners.map(({ manager, operation, time, paths }) => ({
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(paths.values()),
  }));
}

function without(owners: readonly Owner[], lost: ReadonlySet<string>): readonly Owner[] {
  return owners
    .map((owner) => ({ ...owner, paths: new Map([...owner.paths].filter(([key]) => !lost.has(key))) }))
    .filter(({ paths }) => paths.size > 0);
}

function differs(current: Fields, wanted: Fields, key: string): boolean {
  const before = current.get(key);
  return before !== undefined && JSON.stringify(before.value) !== JSON.stringify(wanted.get(key)?.value);
}

function sameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

function isSame(owner: Who, { manager, operation }: Who): boolean {
  return owner.manager === manager && owner.operation === operation;
}

function fieldText(fields: Fields, key: string): string {
  const path = fields.get(key)?.path ?? [];
  return path
    .filter((segment) => segment !== ".")
    .map((segment) =>
      segment.startsWith("f:")
        ? `.${segment.slice(2)}`
        : `[${segment
            .slice(2)
            .replaceAll(/[{}]/g, "")
            .replaceAll('":', '"=')
            .replaceAll(/"(\w+)"=/g, "$1=")}]`,
    )
    .join("");
}
