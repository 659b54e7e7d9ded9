/** Where a group of four characters stands in a pattern. */
export interface Gram {
  readonly gram: number;
  readonly pattern: number;
  readonly offset: number;
}

/**
 * A hash table of grams with a bitmap before it, as bare arrays because a scan reads it for every few characters: with `hash = hashOf(gram) >>> shift`, a zero at `hash` in `bits` means none;
 * else `heads[hash >>> headShift]` begins a chain through `next` that ends at -1.
 */
export interface GramTable {
  readonly shift: number;
  readonly bits: Uint32Array;
  readonly heads: Int32Array;
  readonly next: Int32Array;
  readonly grams: Int32Array;
  readonly patterns: Int32Array;
  readonly offsets: Int32Array;
}

export const gramLength = 4;
export const headShift = 4;

const bitsPerGram = 32;

export function gramOf(first: number, second: number, third: number, fourth: number): number {
  return first ^ (second << 7) ^ (third << 14) ^ (fourth << 21);
}

export function hashOf(gram: number): number {
  return Math.imul(gram ^ (gram >>> 15), 0x9e3779b1);
}

export function createGramTable(entries: readonly Gram[]): GramTable {
  const width = Math.min(22, Math.max(12, Math.ceil(Math.log2(entries.length * bitsPerGram))));
  const shift = 32 - width;
  const bits = new Uint32Array(2 ** (width - 5));
  const heads = new Int32Array(2 ** (width - headShift)).fill(-1);
  const next = new Int32Array(entries.length);
  entries.forEach(({ gram }, index) => {
    const hash = hashOf(gram) >>> shift;
    bits[hash >>> 5] = (bits[hash >>> 5] ?? 0) | (1 << (hash & 31));
    next[index] = heads[hash >>> headShift] ?? -1;
    heads[hash >>> headShift] = index;
  });
  return {
    shift,
    bits,
    heads,
    next,
    grams: Int32Array.from(entries, ({ gram }) => gram),
    patterns: Int32Array.from(entries, ({ pattern }) => pattern),
    offsets: Int32Array.from(entries, ({ offset }) => offset),
  };
}
