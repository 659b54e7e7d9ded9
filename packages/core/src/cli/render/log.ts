import type { LogEntry } from "../../contract/deployment-events.js";
import type { Output } from "../output.js";
import { oneLine, plainText } from "./text.js";

/** A line of a deployment's log; further lines of its message stand below it. */
export function logLines({ at, level, step, message, fields }: LogEntry, { style }: Output): readonly string[] {
  const paint = level === "error" ? style.bad : level === "warn" ? style.warning : (text: string): string => text;
  const [first = "", ...others] = plainText(message).split("\n");
  const details = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const end = details.length === 0 ? "" : ` ${style.faint(oneLine(details.join(" ")))}`;
  const severity = level === "info" ? "" : `${level}: `;
  return [
    `${style.faint(at.replace("T", " "))} ${step === null ? "" : `${style.strong(step)} | `}${paint(`${severity}${first}`)}${end}`,
    ...others.map((line) => `  | ${paint(line)}`),
  ];
}
