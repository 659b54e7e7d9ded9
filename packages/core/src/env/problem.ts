import type { StandardIssue, StandardSchema } from "../contract/standard-schema.js";
import { expectationOf } from "./expectation.js";

/** Something about a variable that must be mended. Never holds a value. */
export interface VariableProblem {
  readonly name: string;
  readonly problem: string;
  readonly remedy: string;
}

export function missing(name: string, schema: StandardSchema, given: unknown): VariableProblem {
  const problem = given === "" ? "is empty, which counts as missing." : "is missing.";
  const description = descriptionOf(schema);
  return { name, problem, remedy: description === undefined ? "Set it." : `Set it: ${description}.` };
}

export function unfit(name: string, schema: StandardSchema, issues: readonly StandardIssue[]): VariableProblem {
  const { vendor } = schema["~standard"];
  const expected = new Set(issues.map((issue) => expectationOf(issue, vendor)).filter((text) => text !== undefined));
  const words = expected.size > 0 ? [...expected].join("; ") : descriptionOf(schema);
  return {
    name,
    problem: words === undefined ? "does not fit its schema." : `does not fit its schema: expected ${words}.`,
    remedy: "Correct it.",
  };
}

/** Zod answers with a promise also where a schema throws, so the two cannot be told apart. */
export function unanswered(name: string): VariableProblem {
  return {
    name,
    problem: "gets no answer from its schema, which throws or is asynchronous.",
    remedy: "Correct the value if the schema throws; do what is asynchronous where the value is used.",
  };
}

export function reserved(name: string): VariableProblem {
  return { name, problem: "is a name of Fairlead's own.", remedy: "Take it out: what was deployed is in `release`." };
}

export function undeclaredSecret(name: string): VariableProblem {
  return { name, problem: "is listed in `secrets` and is no variable.", remedy: "Declare it, or mend its spelling." };
}

export function notText(name: string): VariableProblem {
  return {
    name,
    problem: "is listed in `secrets`, and its schema makes something else than text of it.",
    remedy: "Let its schema give text.",
  };
}

/** What the schema's author says about the variable: `.describe("…")` of zod and arktype. */
function descriptionOf(schema: StandardSchema): string | undefined {
  const description = "description" in schema ? schema.description : undefined;
  return typeof description === "string" && description !== "" ? description.trim().replaceAll(/\s+/g, " ").replace(/\.$/, "") : undefined;
}
