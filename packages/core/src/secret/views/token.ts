/**
 * One escape sequence as a number: how many characters it takes, and the code point that it stands for. Packed so that reading a line full of escapes allocates nothing.
 * Zero is none: the character stands for itself.
 */
export type Token = number;

const codePointBits = 21;

export const noToken: Token = 0;
/** The text ends before it can be said whether a token begins here. */
export const unfinishedToken: Token = -1;

export function tokenOf(length: number, codePoint: number): Token {
  return (length << codePointBits) | codePoint;
}

export function tokenLength(token: Token): number {
  return token >> codePointBits;
}

export function tokenCodePoint(token: Token): number {
  return token & ((1 << codePointBits) - 1);
}

/** UTF-16 code units. */
export interface EscapedText {
  readonly codes: Uint16Array;
  /** Codes at and beyond it are not part of the text. */
  readonly length: number;
  /** Nothing follows after the last. */
  readonly final: boolean;
}

/** Reads the token at `at`, where the notation's trigger character stands. */
export type TokenReader = (text: EscapedText, at: number) => Token;

/** The code at a place inside of the text. */
export function codeAt(text: EscapedText, at: number): number {
  return text.codes[at] ?? 0;
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
