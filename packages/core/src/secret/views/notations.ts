import { readBackslash } from "./backslash.js";
import { readHtml } from "./html.js";
import { readForm, readPercent } from "./percent.js";
import { readDoubledQuote, readShellQuote } from "./quotes.js";
import type { TokenReader } from "./token.js";

/** One way to escape characters. */
export interface Notation {
  /** Place in the list of notations. */
  readonly index: number;
  readonly bit: number;
  /** Bits of the characters of which one must be there, or there is nothing to undo that no other notation undoes. */
  readonly needs: number;
  readonly read: TokenReader;
  /** A character that is all it yields beyond what others do: a text without that character is never hidden by it alone. */
  readonly only?: string;
}

const form = 1;
const percent = 2;
const html = 4;
const backslash = 8;
const shellQuote = 16;
const doubledQuote = 32;
const plus = 64;

/** All of them. */
export const notations: readonly Notation[] = [
  { index: 0, bit: form, needs: plus, read: readForm, only: " " },
  { index: 1, bit: percent, needs: percent, read: readPercent },
  { index: 2, bit: html, needs: html, read: readHtml },
  { index: 3, bit: backslash, needs: backslash, read: readBackslash },
  { index: 4, bit: shellQuote, needs: shellQuote, read: readShellQuote, only: "'" },
  { index: 5, bit: doubledQuote, needs: doubledQuote, read: readDoubledQuote, only: "'" },
];

const triggers = new Uint8Array(128);
triggers["+".charCodeAt(0)] = form | plus;
triggers["%".charCodeAt(0)] = form | percent;
triggers["&".charCodeAt(0)] = html;
triggers["\\".charCodeAt(0)] = backslash;
triggers["'".charCodeAt(0)] = shellQuote | doubledQuote;

/** Bits of the notations that a character may begin a token of, and its own if it has one. */
export function triggersAt(code: number): number {
  return code < 128 ? (triggers[code] ?? 0) : 0;
}

/** Bits of the notations that may hide these texts, and of what they need. */
export function notationsFor(texts: readonly string[]): number {
  const wanted = notations.filter(({ only }) => only === undefined || texts.some((text) => text.includes(only)));
  return wanted.reduce((bits, { bit, needs }) => bits | bit | needs, 0);
}
