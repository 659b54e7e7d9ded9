import { randomBytes } from "node:crypto";

const tag = `$fairlead${randomBytes(8).toString("hex")}$`;

/** A text as it is written in SQL, such that no text that is not finished, standing before it, can make something else of it: it has a word around it that nobody knows. */
export function sealed(text: string): string {
  return `${tag}${text}${tag}`;
}

/** A name as it is written in SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
