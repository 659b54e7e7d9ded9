import { triggersAt, type Notation } from "./notations.js";
import { noToken, tokenCodePoint, tokenLength, unfinishedToken } from "./token.js";

/** A text with some of its escapes undone, and where each character came from. Its arrays are used again for the next text. */
export interface View {
  codes: Uint16Array;
  length: number;
  /** Where the characters stand that a token may begin with, in order. */
  marks: Int32Array;
  markCount: number;
  /** Bits of the notations that such a character is for. */
  triggers: number;
  /**
   * Where in the text the character, or the token that stands for it, begins. One more than characters: the last is where reading stopped.
   * Filled only for a mapped excerpt.
   */
  starts: Int32Array;
  mapped: boolean;
  /** Nothing follows after the last character. */
  final: boolean;
  /** Bits of the notations that there are to undo. */
  notations: number;
  /** Bits of those of them whose trigger came out of a token. */
  produced: number;
}

/** A part of a text, and what is to be known of it. */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Nothing follows after `end`. */
  readonly final: boolean;
  /** Bits of the notations to undo. */
  readonly notations: number;
  /** Keep where characters came from. Costs as much as all the rest, and is of use only where something was found. */
  readonly mapped: boolean;
}

export function emptyView(): View {
  const [codes, marks, starts] = [new Uint16Array(0), new Int32Array(0), new Int32Array(1)];
  return { codes, length: 0, marks, markCount: 0, triggers: 0, starts, mapped: false, final: true, notations: 0, produced: 0 };
}

/** Makes the view of a part of a text with nothing undone. */
export function loadView(view: View, { text, start, end, final, notations, mapped }: Excerpt): void {
  const length = end - start;
  reserve(view, length);
  const { codes, starts, marks } = view;
  let markCount = 0;
  let triggers = 0;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(start + index);
    codes[index] = code;
    const bits = triggersAt(code) & notations;
    if (bits === 0) continue;
    triggers |= bits;
    marks[markCount] = index;
    markCount += 1;
  }
  if (mapped) for (let index = 0; index <= length; index += 1) starts[index] = start + index;
  view.length = length;
  view.markCount = markCount;
  view.triggers = triggers;
  view.mapped = mapped;
  view.final = final;
  view.notations = notations;
  view.produced = 0;
}

/**
 * Makes `target` the view of `source` with one notation undone. False, and `target` is of no use, if there is nothing to undo.
 * It ends before a token that could go on after the end of a text that is not final.
 */
export function decodeView(source: View, target: View, { bit, read }: Notation): boolean {
  reserve(target, source.length);
  target.length = 0;
  target.markCount = 0;
  target.triggers = 0;
  target.mapped = source.mapped;
  target.final = source.final;
  target.notations = source.notations;
  target.produced = 0;
  const { codes, marks, markCount } = source;
  let copied = 0;
  let end = source.length;
  for (let index = 0; index < markCount; index += 1) {
    const at = marks[index] ?? 0;
    if (at < copied) continue;
    const code = codes[at] ?? 0;
    const triggers = triggersAt(code);
    const token = (triggers & bit) === 0 ? noToken : read(source, at);
    if (token === unfinishedToken) {
      end = at;
      break;
    }
    if (token === noToken) {
      mark(target, target.length + at - copied, triggers & target.notations);
      continue;
    }
    copyRun(source, target, copied, at);
    appendToken(target, tokenCodePoint(token), source.starts[at] ?? 0);
    copied = at + tokenLength(token);
  }
  if (copied === 0 && end === source.length) return false;
  copyRun(source, target, copied, end);
  target.starts[target.length] = source.starts[end] ?? 0;
  return true;
}

function mark(view: View, at: number, triggers: number): void {
  view.triggers |= triggers;
  view.marks[view.markCount] = at;
  view.markCount += 1;
}

function copyRun(source: View, target: View, from: number, to: number): void {
  const { codes: old } = source;
  const { codes } = target;
  const shift = target.length - from;
  for (let at = from; at < to; at += 1) codes[at + shift] = old[at] ?? 0;
  if (source.mapped) target.starts.set(source.starts.subarray(from, to), target.length);
  target.length += to - from;
}

function appendToken(view: View, codePoint: number, start: number): void {
  const triggers = triggersAt(codePoint) & view.notations;
  if (triggers !== 0) mark(view, view.length, triggers);
  view.produced |= triggers;
  if (codePoint > 0xffff) appendCode(view, 0xd7c0 + (codePoint >> 10), start);
  appendCode(view, codePoint > 0xffff ? 0xdc00 + (codePoint & 0x3ff) : codePoint, start);
}

function appendCode(view: View, code: number, start: number): void {
  view.codes[view.length] = code;
  view.starts[view.length] = start;
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
  view.marks = new Int32Array(size);
  view.starts = new Int32Array(size + 1);
}
