/** Deeper than any data worth keeping, and far from the end of the stack. */
export const deepest = 200;

/** What is larger is looked at by the walk that masks alone. */
const mostNodes = 10_000;

/**
 * Whether a value is plain data in which nothing has to be masked, found without copying any of it: most of what is written down is. `false` where that cannot be told so simply: there may be nothing to
 * mask all the same.
 */
export function isClean(value: unknown, redact: (text: string) => string): boolean {
  let nodes = 0;

  const isCleanText = (text: string): boolean => redact(text) === text;

  const isCleanHere = (inner: unknown, depth: number): boolean => {
    if (typeof inner === "string") return isCleanText(inner);
    if (typeof inner === "number" || typeof inner === "bigint") return isCleanText(String(inner));
    if (typeof inner !== "object" || inner === null) return true;
    nodes += 1;
    // What contains itself ends here as well.
    if (nodes > mostNodes || depth > deepest) return false;
    if (Array.isArray(inner)) return inner.every((item) => isCleanHere(item, depth + 1));
    return isPlain(inner) && Object.keys(inner).every((key) => isCleanText(key) && isCleanHere(inner[key], depth + 1));
  };

  try {
    return isCleanHere(value, 0);
  } catch {
    return false;
  }
}

/** An object that is its own members and nothing else. */
function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !("toJSON" in value) && !(Symbol.toStringTag in value);
}
