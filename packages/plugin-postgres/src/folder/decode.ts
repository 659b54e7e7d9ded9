import { TextDecoder } from "node:util";
import type { FileProblem } from "./directives.js";

/** A file as text. */
interface Decoded {
  readonly text: string;
  /** What of it cannot be read. */
  readonly problem?: FileProblem;
}

/** Reads a file without byte order mark, with line feeds only, without blanks and line feeds at its end: as bytes or, where it is UTF-8, as the text that these are. Never throws. */
export function decode(content: Uint8Array | string): Decoded {
  if (typeof content === "string") return checked(content.startsWith("\uFEFF") ? content.slice(1) : content);
  try {
    return checked(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    return { text: tidy(new TextDecoder("utf-8").decode(content)), problem: unreadable(1, "it is not written in UTF-8.") };
  }
}

function checked(written: string): Decoded {
  const text = tidy(written);
  // The server takes a text up to its first NUL.
  const nul = text.indexOf("\0");
  if (nul === -1) return { text };
  return { text, problem: unreadable(text.slice(0, nul).split("\n").length, "it holds a NUL character.") };
}

function tidy(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}

function unreadable(line: number, message: string): FileProblem {
  return { line, message, hint: "Save it as UTF-8." };
}
