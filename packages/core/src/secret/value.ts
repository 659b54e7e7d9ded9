import { deepest, isClean } from "./clean.js";
import { redactArray, redactMap, redactProperties, redactSet } from "./containers.js";
import { describeError, describeThrown, isError, type SafeError } from "./error.js";
import { readProperty, unreadable } from "./property.js";

const tooDeep = "[nested too deeply]";
const circular = "[circular]";
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The value with every text in it redacted, keys too; the value itself where nothing matched. Errors become data. */
export function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (isClean(value, redact)) return value;
  const walk = createWalk(redact);
  const safe = walk.value(value, 0);
  return walk.changed() ? safe : value;
}

/** What was thrown, as redacted data. */
export function redactError(thrown: unknown, redact: (text: string) => string): SafeError {
  return typeof thrown === "object" && thrown !== null && isError(thrown)
    ? createWalk(redact).error(thrown, 0)
    : describeThrown(thrown, redact);
}

interface Walk {
  value(value: unknown, depth: number): unknown;
  error(error: object, depth: number): SafeError;
  /** Whether anything had to be masked or made into data. */
  changed(): boolean;
}

/** One trip through a value, which may contain itself. */
function createWalk(redact: (text: string) => string): Walk {
  const seen = new Map<object, unknown>();
  let changed = false;

  const instead = (replacement: unknown) => {
    changed = true;
    return replacement;
  };
  const byText = (original: unknown, text: string, replacement: (safe: string) => unknown) => {
    const safe = redact(text);
    return safe === text ? original : instead(replacement(safe));
  };
  const itself = (safe: string) => safe;

  const value = (original: unknown, depth: number): unknown => {
    if (typeof original === "string" || typeof original === "number" || typeof original === "bigint") {
      return byText(original, String(original), itself);
    }
    if (typeof original !== "object" || original === null) return original;
    if (seen.has(original)) return seen.get(original);
    if (depth > deepest) return instead(tooDeep);
    const safe = readable(original, depth);
    seen.set(original, safe);
    return safe;
  };

  const error = (original: object, depth: number): SafeError => {
    seen.set(original, circular);
    return describeError(original, redact, (inner) => value(inner, depth + 1));
  };

  const readable = (original: object, depth: number): unknown => {
    try {
      return isError(original) ? instead(error(original, depth)) : object(original, depth);
    } catch {
      return instead(unreadable);
    }
  };

  const object = (original: object, depth: number): unknown => {
    const inside = (inner: unknown) => value(inner, depth + 1);
    const shell = <Shell extends object>(copy: Shell): Shell => {
      seen.set(original, copy);
      return copy;
    };
    if (Array.isArray(original)) return redactArray(original, shell([]), inside);
    if (original instanceof Map) return redactMap(original, shell(new Map()), inside);
    if (original instanceof Set) return redactSet(original, shell(new Set()), inside);
    if (original instanceof Date) return original;
    if (original instanceof URL) return byText(original, original.href, itself);
    if (ArrayBuffer.isView(original) || original instanceof ArrayBuffer)
      return byText(original, decoder.decode(bytesOf(original)), (safe) => encoder.encode(safe));
    const toJson = readProperty(original, "toJSON");
    if (!isMethod(toJson)) return redactProperties(original, shell({}), inside);
    const json: unknown = Reflect.apply(toJson, original, [""]);
    if (json === original) return redactProperties(original, shell({}), inside);
    const safe = inside(json);
    return Object.is(safe, json) ? original : safe;
  };

  return { value, error, changed: () => changed };
}

function bytesOf(value: ArrayBufferView | ArrayBuffer): Uint8Array {
  const bytes = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
  // Memory that threads share cannot be decoded in place.
  return bytes.slice();
}

function isMethod(value: unknown): value is (...parameters: never) => unknown {
  return typeof value === "function";
}
