import { hash } from "node:crypto";
import type { Json } from "./json.js";

/** JSON text that is the same for equal values: keys sorted, absent members left out. What digests and hashes are made of. */
export function canonicalJson(value: Json | undefined): string {
  return JSON.stringify(sorted(value ?? null));
}

/** The same value with its keys in order. */
function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  const object = value as Readonly<Record<string, Json | undefined>>;
  const result: Record<string, Json> = {};
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined) continue;
    if (key === "__proto__") Object.defineProperty(result, key, { value: sorted(member), enumerable: true });
    else result[key] = sorted(member);
  }
  return result;
}

/** `sha256:<hex>` of a text. */
export function sha256(text: string): string {
  return `sha256:${hash("sha256", text)}`;
}

/** `sha256:<hex>` of the canonical JSON. */
export function digestOf(value: Json | undefined): string {
  return sha256(canonicalJson(value));
}
