import { codeAt, hexDigit, tokenOf, type EscapedText, type TokenReader } from "./token.js";
import { cutByte, notAByte, utf8Token } from "./utf8-token.js";

const percent = 37;
const plus = 43;
const space = 32;

/** `%C3%A9` in addresses and forms. */
export const readPercent: TokenReader = (text, at) => utf8Token(text, at, 3, percentByte);

/** As above, and a space as `+`. */
export const readForm: TokenReader = (text, at) => (codeAt(text, at) === plus ? tokenOf(1, space) : readPercent(text, at));

function percentByte(text: EscapedText, at: number): number {
  if (at >= text.length) return cutByte;
  if (codeAt(text, at) !== percent) return notAByte;
  if (at + 1 >= text.length) return cutByte;
  const high = hexDigit(codeAt(text, at + 1));
  if (high < 0) return notAByte;
  if (at + 2 >= text.length) return cutByte;
  const low = hexDigit(codeAt(text, at + 2));
  return low < 0 ? notAByte : high * 16 + low;
}
