import type { StandardIssue } from "../contract/standard-schema.js";

/** Something in the configuration that must be mended. Never holds a value. */
export interface ConfigurationProblem {
  /** E.g. `environments.production.components.web.target`. */
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
}

/**
 * A finding of a schema as a problem. Only its path and the kind of thing that was expected are kept: messages of other people's schemas may quote values, so theirs are not shown; those of
 * zod do not.
 */
export function problemOfIssue(base: string, issue: StandardIssue, vendor: string): ConfigurationProblem {
  const path = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  const place = [base, ...path].join(".");
  if (vendor !== "zod") return { place, problem: "does not fit its schema.", remedy: "Correct it." };
  const unknown = /^Unrecognized keys?: (.*)$/.exec(issue.message)?.[1];
  if (unknown !== undefined) return { place, problem: `has no option ${unknown}.`, remedy: "Remove it, or mend its spelling." };
  if (/received undefined$/.test(issue.message)) return { place, problem: "is missing.", remedy: "Set it." };
  return { place, problem: `${lowerFirst(issue.message)}.`, remedy: "Correct it." };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
