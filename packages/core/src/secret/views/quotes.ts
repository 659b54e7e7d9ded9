import { codeAt, noToken, tokenOf, unfinishedToken, type EscapedText, type TokenReader } from "./token.js";

const quote = 39;
const shellForms = ["'\\''", "'\"'\"'"];

/** `'\''` and `'"'"'`: a quote inside a quoted word of a shell. */
export const readShellQuote: TokenReader = (text, at) => {
  for (const form of shellForms) {
    const matched = matchedLength(text, at, form);
    if (matched === form.length) return tokenOf(form.length, quote);
    if (!text.final && at + matched === text.length) return unfinishedToken;
  }
  return noToken;
};

/** `''`: a quote inside a text of SQL or YAML. */
export const readDoubledQuote: TokenReader = (text, at) => {
  if (at + 1 >= text.length) return text.final ? noToken : unfinishedToken;
  return codeAt(text, at + 1) === quote ? tokenOf(2, quote) : noToken;
};

function matchedLength(text: EscapedText, at: number, form: string): number {
  let matched = 0;
  while (matched < form.length && at + matched < text.length && codeAt(text, at + matched) === form.charCodeAt(matched)) matched += 1;
  return matched;
}
