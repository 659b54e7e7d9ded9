import { codeAt, hexDigit, noToken, tokenOf, unfinishedToken, type EscapedText, type Token, type TokenReader } from "./token.js";
import { cutByte, notAByte, utf8Token } from "./utf8-token.js";

const backslash = 92;
const letterU = 117;
const letterX = 120;
const openingBrace = 123;
const closingBrace = 125;
const zero = 48;
const nine = 57;

const letters = new Map(Array.from("nrtbfvae", (letter, index) => [letter.charCodeAt(0), "\n\r\t\b\f\v\x07\x1b".charCodeAt(index)]));

/** `\n`, `\"`, `\/`, `\u00e9`, `\u{e9}`, `\xe9`, `\303\251`, `\$`: JSON, source code, what `util.inspect`, shells, Python and nginx print. */
export const readBackslash: TokenReader = (text, at) => {
  if (at + 1 >= text.length) return text.final ? noToken : unfinishedToken;
  const next = codeAt(text, at + 1);
  if (next === letterU) return unicodeToken(text, at);
  if (next === letterX) return utf8Token(text, at, 4, hexByte);
  if (next >= zero && next <= nine) return digitToken(text, at);
  const control = letters.get(next);
  if (control !== undefined) return tokenOf(2, control);
  return isPunctuation(next) ? tokenOf(2, next) : noToken;
};

function isPunctuation(code: number): boolean {
  const lower = code | 32;
  return code >= 32 && code <= 126 && (lower < 97 || lower > 122);
}

function unicodeToken(text: EscapedText, at: number): Token {
  const braces = at + 2 < text.length && codeAt(text, at + 2) === openingBrace;
  const first = braces ? at + 3 : at + 2;
  const limit = Math.min(text.length, first + (braces ? 6 : 4));
  let codePoint = 0;
  let index = first;
  for (; index < limit; index += 1) {
    const digit = hexDigit(codeAt(text, index));
    if (digit < 0) break;
    codePoint = codePoint * 16 + digit;
  }
  const digits = index - first;
  if (!braces && digits === 4) return tokenOf(6, codePoint);
  if (index >= text.length) return text.final ? noToken : unfinishedToken;
  const closed = braces && digits > 0 && codeAt(text, index) === closingBrace && codePoint <= 0x10ffff;
  return closed ? tokenOf(digits + 4, codePoint) : noToken;
}

function hexByte(text: EscapedText, at: number): number {
  if (at >= text.length) return cutByte;
  if (codeAt(text, at) !== backslash) return notAByte;
  if (at + 1 >= text.length) return cutByte;
  if (codeAt(text, at + 1) !== letterX) return notAByte;
  if (at + 2 >= text.length) return cutByte;
  const high = hexDigit(codeAt(text, at + 2));
  if (high < 0) return notAByte;
  if (at + 3 >= text.length) return cutByte;
  const low = hexDigit(codeAt(text, at + 3));
  return low < 0 ? notAByte : high * 16 + low;
}

/** Three octal digits are a byte; `\0` alone is NUL; `\1` is a back reference and stays. */
function digitToken(text: EscapedText, at: number): Token {
  const token = utf8Token(text, at, 4, octalByte);
  return token === noToken && codeAt(text, at + 1) === zero ? tokenOf(2, 0) : token;
}

function octalByte(text: EscapedText, at: number): number {
  if (at >= text.length) return cutByte;
  if (codeAt(text, at) !== backslash) return notAByte;
  let byte = 0;
  for (let index = at + 1; index <= at + 3; index += 1) {
    if (index >= text.length) return cutByte;
    const digit = codeAt(text, index) - zero;
    if (digit < 0 || digit > 7) return notAByte;
    byte = byte * 8 + digit;
  }
  return byte > 255 ? notAByte : byte;
}
