import type { SmokeRequest } from "../../plan/index.js";
import { jsonOf, type Answer } from "./expectation.js";

/** Values that requests have kept for later ones, by name. */
export type Kept = Readonly<Record<string, string>>;

/** A text with `$name` filled in where something was kept by that name; each value written by `write`. */
export function filledIn(text: string, kept: Kept, write: (value: string) => string = String): string {
  return text.replaceAll(/\$([a-z][A-Za-z0-9]*)/g, (whole, name: string) => {
    const value = Object.hasOwn(kept, name) ? kept[name] : undefined;
    return value === undefined ? whole : write(value);
  });
}

/** What a request keeps of its answer, or what is missing in it. */
export function keep(request: SmokeRequest, answer: Answer): { readonly kept: Kept; readonly problem: string | undefined } {
  const found = Object.entries(request.keep ?? {}).map(([name, where]) => {
    const value = typeof where === "string" ? textOf(at(jsonOf(answer), where)) : (answer.headers.get(where.header) ?? undefined);
    return { name, value, where: typeof where === "string" ? where : `the header ${where.header}` };
  });
  const missing = found.find(({ value }) => value === undefined);
  return {
    kept: Object.fromEntries(found.map(({ name, value = "" }) => [name, value])),
    problem: missing && `it holds no ${missing.where}, which is kept as ${missing.name}`,
  };
}

/** What a JSON pointer points at. */
function at(value: unknown, pointer: string): unknown {
  const parts = pointer.split("/").slice(1);
  return parts.reduce<unknown>((inner, part) => {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
      ? (inner as Readonly<Record<string, unknown>>)[key]
      : undefined;
  }, value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
