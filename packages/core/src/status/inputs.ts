import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { StatusBook } from "./book.js";
import { componentStatuses, isComponentStatus } from "./component-status.js";

/** Throws `STATUS_INPUT_INVALID` for what is no text, says nothing or is longer than `most` characters. Callers may be programs without types. */
export function requireText(field: string, text: unknown, most: number): void {
  const refuse = (problem: string) => fail(coreErrors, "STATUS_INPUT_INVALID", { field, problem });
  if (typeof text !== "string" || text.trim() === "") throw refuse("must be a text that says something.");
  if (text.length > most) throw refuse(`must have at most ${most} characters, not ${text.length}.`);
}

/** Throws `STATUS_INPUT_INVALID` for what is no object: everything else says nothing. */
export function requireInput(input: unknown): void {
  if (typeof input === "object" && input !== null) return;
  throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "input", problem: "must be an object." });
}

/** Throws `STATUS_INPUT_INVALID` for what is there and is none of these. */
export function requireOneOf(field: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.some((one) => one === value)) return;
  throw fail(coreErrors, "STATUS_INPUT_INVALID", { field, problem: `must be one of ${known.join(", ")}.` });
}

/** Throws `STATUS_INPUT_INVALID` for what is there and is no text. */
export function requireWord(field: string, value: unknown): void {
  if (value === undefined || value === null || typeof value === "string") return;
  throw fail(coreErrors, "STATUS_INPUT_INVALID", { field, problem: "must be a text." });
}

/** Throws `STATUS_INPUT_INVALID` for a status that there is not. */
export function requireStatuses(components: unknown): void {
  if (typeof components !== "object" || components === null)
    throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "components", problem: "must be an object: how each of them is, by name." });
  for (const [name, status] of Object.entries(components as Readonly<Record<string, unknown>>)) {
    if (typeof status === "string" && isComponentStatus(status)) continue;
    const problem = `must be one of ${componentStatuses.join(", ")}, not "${String(status)}".`;
    throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: `components.${name}`, problem });
  }
}

/** Throws `STATUS_COMPONENT_UNKNOWN`. */
export function requireComponents(names: readonly string[], { components }: Pick<StatusBook, "components">): void {
  const isList: boolean = Array.isArray(names);
  if (!isList) throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "components", problem: "must be a list of names." });
  const known = components.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw fail(coreErrors, "STATUS_COMPONENT_UNKNOWN", { component: unknown, known });
}

/** Epoch milliseconds of a time in ISO 8601. Throws `STATUS_INPUT_INVALID`. */
export function requireTime(field: string, text: string): number {
  const moment = Date.parse(text);
  if (!Number.isNaN(moment)) return moment;
  throw fail(coreErrors, "STATUS_INPUT_INVALID", { field, problem: `must be a time in ISO 8601, not "${text}".` });
}
