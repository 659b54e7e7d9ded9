import type { StandardIssue } from "../contract/standard-schema.js";

type Facts = Readonly<Record<string, unknown>>;

/**
 * What a schema would have accepted, e.g. `number` or `at least 8 characters`. Built only from what libraries put into an issue about the schema itself. Messages and paths are never
 * read: both may hold the value, or parts of it; of arktype even `expected` does. Undefined where an issue says nothing else, as those of custom checks.
 */
export function expectationOf(issue: StandardIssue, vendor: string): string | undefined {
  const expected = readers.get(vendor)?.({ ...issue });
  const isWhole = issue.path === undefined || issue.path.length === 0;
  return expected === undefined || isWhole ? expected : `${expected} in a part of it`;
}

const readers = new Map([
  ["zod", zodExpectation],
  ["valibot", valibotExpectation],
]);

function zodExpectation(facts: Facts): string | undefined {
  switch (facts["code"]) {
    case "invalid_type":
      return textOf(facts["expected"]);
    case "invalid_value":
      return Array.isArray(facts["values"]) ? facts["values"].map(quoted).join(" or ") : undefined;
    case "invalid_format":
      return formatOf(facts);
    case "too_small":
      return boundOf(facts["minimum"], facts["inclusive"] === false ? "more than" : "at least", facts["origin"]);
    case "too_big":
      return boundOf(facts["maximum"], facts["inclusive"] === false ? "less than" : "at most", facts["origin"]);
    case "not_multiple_of":
      return `a multiple of ${String(facts["divisor"])}`;
    default:
      return undefined;
  }
}

function formatOf(facts: Facts): string | undefined {
  for (const [key, words] of [
    ["prefix", "text that begins with"],
    ["suffix", "text that ends with"],
    ["includes", "text that holds"],
  ] as const) {
    if (typeof facts[key] === "string") return `${words} ${quoted(facts[key])}`;
  }
  if (facts["format"] === "regex") return `text that matches ${String(facts["pattern"])}`;
  return textOf(facts["format"]);
}

function boundOf(bound: unknown, comparison: string, origin: unknown): string {
  const unit = origin === "string" ? " characters" : origin === "array" || origin === "set" ? " items" : "";
  return `${comparison} ${String(bound)}${unit}`;
}

/** Of `check` and the like, the type says only that a function of the application refused. */
const unspoken = new Set(["check", "custom", "partial_check", "raw_check", "raw_transform", "lazy"]);

function valibotExpectation(facts: Facts): string | undefined {
  const [type, expected] = [textOf(facts["type"]), textOf(facts["expected"])];
  if (type === undefined || unspoken.has(type)) return undefined;
  if (facts["kind"] === "schema") return expected;
  const words = type.replaceAll("_", " ");
  return expected === undefined ? words : `${words} ${expected}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.replaceAll(/\s+/g, " ") : undefined;
}

function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
