import { noToken, tokenOf, unfinishedToken, type EscapedText, type Token } from "./token.js";

/** Says which byte is written at `at`: `notAByte` if none, `cutByte` if the text ends before it can be said. */
export type ByteReader = (text: EscapedText, at: number) => number;

export const notAByte = -1;
export const cutByte = -2;

/** Reads escaped bytes of `width` characters each as one code point of UTF-8, or the first of them as Latin-1 where they are not UTF-8. */
export function utf8Token(text: EscapedText, at: number, width: number, byteAt: ByteReader): Token {
  const first = byteAt(text, at);
  if (first === cutByte) return text.final ? noToken : unfinishedToken;
  if (first === notAByte) return noToken;
  const more = continuationBytes(first);
  let codePoint = more === 0 ? first : first & (0x3f >> more);
  for (let index = 1; index <= more; index += 1) {
    const byte = byteAt(text, at + index * width);
    if (byte === cutByte && !text.final) return unfinishedToken;
    if (byte < 0x80 || byte > 0xbf) return tokenOf(width, first);
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  return codePoint > 0x10ffff ? tokenOf(width, first) : tokenOf(width * (more + 1), codePoint);
}

function continuationBytes(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 1;
  return first < 0xf0 ? 2 : 3;
}
