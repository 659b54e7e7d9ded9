import { readBackslash } from "./backslash.js";
import { readHtml } from "./html.js";
import { readPercent } from "./percent.js";
import { readDoubledQuote, readShellQuote } from "./quotes.js";
import { tokenOf, type TokenReader } from "./token.js";

/** One way to escape characters. */
export interface Notation {
  /** Place in the list below. */
  readonly index: number;
  /** A power of two. */
  readonly bit: number;
  /** The character that every token begins with. */
  readonly trigger: number;
  readonly read: TokenReader;
  /** The only character its tokens stand for, if there is one: undoing it cannot show a secret that does not hold that character. */
  readonly yields?: "space" | "quote";
}

const space = 32;

/** All notations. A form writes a space as `+`, before anything is percent-encoded. */
export const notations: readonly Notation[] = [
  { trigger: "+", read: () => tokenOf(1, space), yields: "space" as const },
  { trigger: "%", read: readPercent },
  { trigger: "\\", read: readBackslash },
  { trigger: "&", read: readHtml },
  { trigger: "'", read: readShellQuote, yields: "quote" as const },
  { trigger: "'", read: readDoubledQuote, yields: "quote" as const },
].map((notation, index) => ({ ...notation, trigger: notation.trigger.charCodeAt(0), index, bit: 1 << index }));

/** For every ASCII character, the bits of the notations that it may begin a token of. */
export const triggersOf: Uint8Array = new Uint8Array(128);

for (const { trigger, bit } of notations) triggersOf[trigger] = (triggersOf[trigger] ?? 0) | bit;
