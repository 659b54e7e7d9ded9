import { readBackslash } from "./backslash.js";
import { readHtml } from "./html.js";
import { readPercent } from "./percent.js";
import { readDoubledQuote, readShellQuote } from "./quotes.js";
import { tokenOf, type TokenReader } from "./token.js";

/** One way to escape characters. */
export interface Notation {
  /** Place in the list of notations. */
  readonly index: number;
  /** A power of two. */
  readonly bit: number;
  /** The character that every token begins with. */
  readonly trigger: number;
  readonly read: TokenReader;
  /** The only character that its tokens stand for, if there is one. */
  readonly yields?: string;
}

/** All of them. A form writes a space as `+` before anything is percent-encoded. */
export const notations: readonly Notation[] = [
  { trigger: "+", read: () => tokenOf(1, " ".charCodeAt(0)), yields: " " },
  { trigger: "%", read: readPercent },
  { trigger: "&", read: readHtml },
  { trigger: "\\", read: readBackslash },
  { trigger: "'", read: readShellQuote, yields: "'" },
  { trigger: "'", read: readDoubledQuote, yields: "'" },
].map((notation, index) => ({ ...notation, trigger: notation.trigger.charCodeAt(0), index, bit: 1 << index }));

const triggers = new Uint8Array(128);
for (const { trigger, bit } of notations) triggers[trigger] = triggersAt(trigger) | bit;

/** Bits of the notations that a character may begin a token of. */
export function triggersAt(code: number): number {
  return code < 128 ? (triggers[code] ?? 0) : 0;
}

/** Bits of the notations that may have to be undone to find these texts: one that only ever yields a character which none of them holds cannot hide them. */
export function notationsFor(texts: readonly string[]): number {
  return notations.reduce(
    (bits, { bit, yields }) => (yields === undefined || texts.some((text) => text.includes(yields)) ? bits | bit : bits),
    0,
  );
}
