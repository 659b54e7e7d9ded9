/** Where something stands in a text, for people: both from 1, the column in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One text, three ways to count in it: JavaScript's (UTF-16), PostgreSQL's parser's (bytes of UTF-8) and the server's and people's (characters). */
export interface TextMap {
  /** The index in the string of the byte with this number, from 0. */
  indexOfByte(byte: number): number;
  /** The index in the string of the character with this number, from 0. */
  indexOfCharacter(character: number): number;
  placeOf(index: number): Place;
}

/** Counts once; texts of ASCII alone, which most are, need no counting for bytes and characters. */
export function createTextMap(text: string): TextMap {
  const lines = lineStarts(text);
  const isPlain = !/[^\0-\x7f]/.test(text);
  const bytes = isPlain ? undefined : lazily(() => startsOf(text, bytesOf));
  const characters = isPlain ? undefined : lazily(() => startsOf(text, () => 1));
  return {
    indexOfByte: (byte) => (bytes === undefined ? byte : indexAt(bytes(), byte)),
    indexOfCharacter: (character) => (characters === undefined ? character : indexAt(characters(), character)),
    placeOf(index) {
      const line = lastNotAfter(lines, index);
      const start = lines[line] ?? 0;
      return { line: line + 1, column: [...text.slice(start, index)].length + 1 };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** For every unit of counting, the index of the character that it belongs to; one more for the end. */
function startsOf(text: string, size: (character: number) => number): readonly number[] {
  const starts: number[] = [];
  let index = 0;
  for (const character of text) {
    for (let unit = size(character.codePointAt(0) ?? 0); unit > 0; unit -= 1) starts.push(index);
    index += character.length;
  }
  starts.push(index);
  return starts;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function indexAt(starts: readonly number[], unit: number): number {
  return starts[Math.max(0, Math.min(unit, starts.length - 1))] ?? 0;
}

/** The position of the last of ascending numbers that is not above another one. */
function lastNotAfter(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((ascending[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
