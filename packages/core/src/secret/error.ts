import { putProperty, readProperty, unreadable } from "./property.js";

/** An error as data: what its message, stack, causes and own properties say, redacted, without the live objects that it referred to. */
export interface SafeError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** A `SafeError` where the cause was an error. */
  readonly cause?: unknown;
  /** Those of an `AggregateError`. */
  readonly errors?: readonly unknown[];
  readonly [property: string]: unknown;
}

/** What HTTP clients hang on their errors: headers and bodies, reached through getters and streams that no walk sees. */
const dropped = new Set(["config", "options", "request", "response"]);
const handled = new Set(["name", "message", "stack", "cause", "errors"]);

/** What an error says. */
export function describeError(error: object, text: (text: string) => string, redact: (value: unknown) => unknown): SafeError {
  const textOf = (key: string) => {
    const value = readProperty(error, key);
    return typeof value === "string" ? text(value) : undefined;
  };
  const [stack, cause, errors] = [textOf("stack"), readProperty(error, "cause"), readProperty(error, "errors")];
  const safe = {
    name: textOf("name") ?? "Error",
    message: textOf("message") ?? "",
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: redact(cause) }),
    ...(Array.isArray(errors) ? { errors: errors.map((inner) => redact(inner)) } : {}),
  };
  for (const key of Object.keys(error)) {
    const value = handled.has(key) ? undefined : readProperty(error, key);
    if (value !== undefined && !isLive(key, value)) putProperty(safe, text(key), redact(value));
  }
  return safe;
}

/** A thrown value that is no error. */
export function describeThrown(value: unknown, text: (text: string) => string): SafeError {
  return { name: "Error", message: text(printed(value)) };
}

export function isError(value: object): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** Functions, and instances that do not say how they look as data: sockets, agents, clients. */
function isLive(key: string, value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null || isError(value)) return false;
  if (dropped.has(key)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain =
    prototype === null ||
    prototype === Object.prototype ||
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    ArrayBuffer.isView(value);
  return !plain && typeof readProperty(value, "toJSON") !== "function";
}

function printed(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return unreadable;
  }
}
