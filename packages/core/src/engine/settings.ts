import type { Json, JsonObject } from "../json/json.js";
import { isSecretReference } from "../secret/secret.js";

/**
 * A plugin's options as JSON, for digests: every secret is its name. Functions and living objects are left out: whether two of them are the same cannot be told from one process to the next.
 */
export function toSettings(value: unknown): Json | undefined {
  return settingsOf(value, []);
}

function settingsOf(value: unknown, above: readonly object[]): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : settingsOfObject(value, above);
    default:
      return undefined;
  }
}

function settingsOfObject(value: object, above: readonly object[]): Json | undefined {
  if (above.includes(value)) return undefined;
  if (isSecretReference(value)) return { $secret: value.name };
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item) => settingsOf(item, path) ?? null);
  if (value instanceof Date || value instanceof URL || value instanceof RegExp) return String(value);
  if (value instanceof Map || value instanceof Set) return [...value].map((item: unknown) => settingsOf(item, path) ?? null);
  return isPlain(value) ? objectOf(value, path) : undefined;
}

function objectOf(value: object, path: readonly object[]): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, settingsOf(member, path)]));
}

/** Whether it is an object of no class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
