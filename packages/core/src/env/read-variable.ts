import type { StandardResult, StandardSchema } from "../contract/standard-schema.js";
import { Secret } from "../secret/secret.js";
import { missing, notText, unanswered, unfit, type VariableProblem } from "./problem.js";

export type Reading = { readonly value: unknown } | { readonly problem: VariableProblem };

/** What is given under a name. Not what every object has: a `constructor` is no variable. */
export function givenAs(name: string, from: object): unknown {
  // Some hosts hand over an object that answers for names it does not own.
  return Object.hasOwn(from, name) || !(name in Object.prototype) ? (Reflect.get(from, name) as unknown) : undefined;
}

/** The value of a variable as its schema gives it, in a `Secret` where it is one. */
export function readVariable(name: string, schema: StandardSchema, from: object, isSecret: boolean): Reading {
  const given = givenAs(name, from);
  const value = given === "" ? undefined : given;
  const result = answerOf(schema, value);
  if (result === undefined) return { problem: unanswered(name) };
  if (result.issues !== undefined) {
    return { problem: value === undefined ? missing(name, schema, given) : unfit(name, schema, result.issues) };
  }
  if (!isSecret || result.value === undefined) return { value: result.value };
  return typeof result.value === "string" ? { value: new Secret(name, result.value) } : { problem: notText(name) };
}

/** Undefined where the schema does not answer at once. What it throws or rejects with is dropped: errors of parsers quote what they were given. */
function answerOf(schema: StandardSchema, value: unknown): StandardResult<unknown> | undefined {
  try {
    const answer = schema["~standard"].validate(value);
    if (!("then" in answer)) return answer;
    answer.then(undefined, () => undefined);
    return undefined;
  } catch {
    return undefined;
  }
}
