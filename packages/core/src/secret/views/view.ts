import { triggersOf, type Notation } from "./notations.js";
import { noToken, tokenCodePoint, tokenLength, unfinishedToken } from "./token.js";

/** A text with some of its escapes undone, and where each character came from. Its arrays are used again for the next text. */
export interface View {
  codes: Uint16Array;
  /** Where in the text the character, or the token that stands for it, begins. One more than characters: the last is where reading stopped. */
  starts: Int32Array;
  length: number;
  /** Nothing follows after the last character. */
  final: boolean;
  /** Bits of the notations whose trigger occurs in it. */
  triggers: number;
  /** Bits of the notations whose trigger came out of a token. */
  produced: number;
}

export function emptyView(): View {
  return { codes: new Uint16Array(0), starts: new Int32Array(1), length: 0, final: true, triggers: 0, produced: 0 };
}

/** A part of a text. */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Nothing follows after `end`. */
  readonly final: boolean;
}

/** Makes the view of a part of a text with nothing undone. */
export function loadView(view: View, { text, start, end, final }: Excerpt): void {
  const length = end - start;
  reserve(view, length);
  const { codes, starts } = view;
  let triggers = 0;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(start + index);
    codes[index] = code;
    starts[index] = start + index;
    if (code < 128) triggers |= triggersOf[code] ?? 0;
  }
  starts[length] = end;
  view.length = length;
  view.final = final;
  view.triggers = triggers;
  view.produced = 0;
}

/**
 * Makes `target` the view of `source` with one notation undone. False, and `target` is of no use, if there is nothing to undo.
 * It ends before a token that could go on after the end of a text that is not final.
 */
export function decodeView(source: View, target: View, notation: Notation): boolean {
  const { codes, starts, length } = source;
  const { trigger, read } = notation;
  let at = firstToken(source, notation);
  if (at === length) return false;

  reserve(target, length);
  target.codes.set(codes.subarray(0, at));
  target.starts.set(starts.subarray(0, at));
  target.length = at;
  target.produced = 0;
  while (at < length) {
    const code = codes[at] ?? 0;
    const token = code === trigger ? read(source, at) : noToken;
    if (token === unfinishedToken) break;
    target.starts[target.length] = starts[at] ?? 0;
    if (token === noToken) {
      target.codes[target.length] = code;
      target.length += 1;
      at += 1;
    } else {
      append(target, tokenCodePoint(token));
      at += tokenLength(token);
    }
  }
  target.starts[target.length] = starts[at] ?? 0;
  target.final = source.final;
  target.triggers = source.triggers | target.produced;
  return true;
}

function firstToken(source: View, { trigger, read }: Notation): number {
  const { codes, length } = source;
  let at = 0;
  while (at < length && (codes[at] !== trigger || read(source, at) === noToken)) at += 1;
  return at;
}

function append(view: View, codePoint: number): void {
  if (codePoint < 128) view.produced |= triggersOf[codePoint] ?? 0;
  if (codePoint > 0xffff) {
    view.codes[view.length] = 0xd7c0 + (codePoint >> 10);
    view.starts[view.length + 1] = view.starts[view.length] ?? 0;
    view.length += 1;
  }
  view.codes[view.length] = codePoint > 0xffff ? 0xdc00 + (codePoint & 0x3ff) : codePoint;
  view.length += 1;
}

/** Where in the text the characters before `end` of a view end. */
export function endInText(view: View, end: number): number {
  let index = end;
  while (index < view.length && view.starts[index] === view.starts[index - 1]) index += 1;
  return view.starts[index] ?? 0;
}

function reserve(view: View, length: number): void {
  if (view.codes.length >= length) return;
  const size = Math.max(256, 2 ** Math.ceil(Math.log2(length)));
  view.codes = new Uint16Array(size);
  view.starts = new Int32Array(size + 1);
}
