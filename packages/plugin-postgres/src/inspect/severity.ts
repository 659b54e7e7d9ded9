import type { Rule } from "../lint/rule.js";
import type { Severity } from "./inspection.js";

/** Fewer rows are read and written in less time than a deployment's other steps take. */
const few = 10_000;
/** So many take minutes. */
const many = 10_000_000;

/** How much a rule's word weighs for a table of this size; nothing where it is small and only its size would matter. Of an unknown size it is neither. */
export function severityOf({ concern, sized }: Rule, rows: number | undefined): Severity | undefined {
  if (concern === "types" || concern === "names") return "note";
  if (concern === "compatibility") return "error";
  if (sized === undefined || rows === undefined) return "warning";
  if (rows < few) return undefined;
  return rows < many ? "warning" : "error";
}
