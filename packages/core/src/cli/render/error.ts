import type { SerializedError } from "../../errors/fairlead-error.js";
import type { Output } from "../output.js";
import { plainText, wrap } from "./text.js";

export interface ProblemView {
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
}

/** An error with its code and what to do about it. `begin` stands before its first line and indents the others. */
export function errorLines(error: SerializedError, output: Output, begin = `${output.style.marks.bad} `): readonly string[] {
  const { style } = output;
  const indent = " ".repeat(begin.length);
  const problems = error.code === "CONFIGURATION_INVALID" ? problemsIn(error) : [];
  const message = problems.length === 0 ? error.message : (error.message.split("\n", 1)[0] ?? error.message);
  const say = (text: string): readonly string[] => wrap(plainText(text), output.width(), indent);
  return [
    ...wrap(plainText(message), output.width(), begin).map(style.bad),
    ...problemLines(problems, output),
    ...say(error.hint),
    ...(error.cause === undefined ? [] : say(`because: ${error.cause.message}`).map(style.faint)),
    style.faint(`${indent}${error.code}`),
  ];
}

/** A numbered report: place, problem, remedy. */
export function problemLines(problems: readonly ProblemView[], { style, width }: Output): readonly string[] {
  const digits = String(problems.length).length;
  return problems.flatMap(({ place, problem, remedy }, index) => {
    const number = `  ${String(index + 1).padStart(digits)}. `;
    const indent = " ".repeat(number.length);
    const [first = "", ...others] = wrap(plainText(`${place} ${problem}`), width(), number);
    return [
      first.replace(place, (text) => style.strong(text)),
      ...others,
      ...wrap(plainText(remedy), width(), `${indent}→ `).map((line) => style.faint(line)),
    ];
  });
}

function problemsIn({ data }: SerializedError): readonly ProblemView[] {
  const { problems } = data;
  return Array.isArray(problems) ? problems.filter(isProblem) : [];
}

function isProblem(value: unknown): value is ProblemView {
  if (typeof value !== "object" || value === null) return false;
  return ["place", "problem", "remedy"].every((member) => typeof Object.entries(value).find(([name]) => name === member)?.[1] === "string");
}
