import { codeAt, hexDigit, noToken, tokenOf, unfinishedToken, type EscapedText, type Token, type TokenReader } from "./token.js";

const names = new Map([
  ["amp", 38],
  ["lt", 60],
  ["gt", 62],
  ["quot", 34],
  ["apos", 39],
  ["nbsp", 160],
]);
const longestName = 4;
const longestNumber = 8;
const semicolon = 59;
const hash = 35;
const letterX = 120;

/** `&amp;`, `&#39;`, `&#x27;`: HTML, XML and Slack. */
export const readHtml: TokenReader = (text, at) => {
  if (at + 1 >= text.length) return cutToken(text);
  return codeAt(text, at + 1) === hash ? numberToken(text, at) : nameToken(text, at);
};

function cutToken({ final }: EscapedText): Token {
  return final ? noToken : unfinishedToken;
}

function numberToken(text: EscapedText, at: number): Token {
  if (at + 2 >= text.length) return cutToken(text);
  const hexadecimal = (codeAt(text, at + 2) | 32) === letterX;
  const base = hexadecimal ? 16 : 10;
  const first = hexadecimal ? at + 3 : at + 2;
  const limit = Math.min(text.length, first + longestNumber);
  let codePoint = 0;
  let index = first;
  for (; index < limit; index += 1) {
    const digit = hexDigit(codeAt(text, index));
    if (digit < 0 || digit >= base) break;
    codePoint = codePoint * base + digit;
  }
  if (index >= text.length) return cutToken(text);
  return index > first && codeAt(text, index) === semicolon && codePoint <= 0x10ffff ? tokenOf(index + 1 - at, codePoint) : noToken;
}

function nameToken(text: EscapedText, at: number): Token {
  const limit = Math.min(text.length, at + 1 + longestName);
  let name = "";
  let index = at + 1;
  for (; index < limit; index += 1) {
    const code = codeAt(text, index);
    if (code < 97 || code > 122) break;
    name += String.fromCharCode(code);
  }
  if (index >= text.length) return cutToken(text);
  const codePoint = codeAt(text, index) === semicolon ? names.get(name) : undefined;
  return codePoint === undefined ? noToken : tokenOf(index + 1 - at, codePoint);
}
