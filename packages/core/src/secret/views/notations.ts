import { readBackslash } from "./backslash.js";
import { readHtml } from "./html.js";
import { readForm, readPercent } from "./percent.js";
import { readDoubledQuote, readShellQuote } from "./quotes.js";
import type { TokenReader } from "./token.js";

/** One way to escape characters. */
export interface Notation {
  /** Place in the list of notations. */
  readonly index: number;
  /** A power of two. */
  readonly bit: number;
  /** The characters that a token may begin with. */
  readonly triggers: string;
  readonly read: TokenReader;
  /** A character that is all this notation yields beyond what others do: without it, a text is never hidden by this notation alone. */
  readonly only?: string;
}

/** All of them. */
export const notations: readonly Notation[] = [
  { triggers: "+%", read: readForm, only: " " },
  { triggers: "%", read: readPercent },
  { triggers: "&", read: readHtml },
  { triggers: "\\", read: readBackslash },
  { triggers: "'", read: readShellQuote, only: "'" },
  { triggers: "'", read: readDoubledQuote, only: "'" },
].map((notation, index) => ({ ...notation, index, bit: 1 << index }));

const triggers = new Uint8Array(128);
for (const notation of notations) {
  for (const trigger of notation.triggers) triggers[trigger.charCodeAt(0)] = triggersAt(trigger.charCodeAt(0)) | notation.bit;
}

/** Bits of the notations that a character may begin a token of. */
export function triggersAt(code: number): number {
  return code < 128 ? (triggers[code] ?? 0) : 0;
}

/** Bits of the notations that may hide these texts. */
export function notationsFor(texts: readonly string[]): number {
  return notations.reduce(
    (bits, { bit, only }) => (only === undefined || texts.some((text) => text.includes(only)) ? bits | bit : bits),
    0,
  );
}
