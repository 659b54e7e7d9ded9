import { createHash } from "node:crypto";
import type { Json } from "./json.js";

/** JSON text that is the same for equal values: keys sorted, absent members left out. What digests and hashes are made of. */
export function canonicalJson(value: Json | undefined): string {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(",")}]`;
  const object = value as Readonly<Record<string, Json | undefined>>;
  let text = "";
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** `sha256:<hex>` of the canonical JSON. */
export function digestOf(value: Json | undefined): string {
  return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}
