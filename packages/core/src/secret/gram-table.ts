/** Where a group of four characters stands in a pattern. */
export interface Gram {
  readonly gram: number;
  readonly pattern: number;
  readonly offset: number;
}

/**
 * A hash table of grams with a bitmap before it, as bare arrays because a scan reads it for every few characters.
 * Entries of one hash are chained through `next`; -1 ends a chain.
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

/** Places of a text: every `stride`-th from `from` up to `last`. */
export interface Places {
  readonly from: number;
  readonly last: number;
  readonly stride: number;
}

export const gramLength = 4;

const headShift = 4;
const bitsPerGram = 32;

export function gramAt(codes: Uint16Array, at: number): number {
  return (codes[at] ?? 0) ^ ((codes[at + 1] ?? 0) << 7) ^ ((codes[at + 2] ?? 0) << 14) ^ ((codes[at + 3] ?? 0) << 21);
}

function hashOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1);
}

/** The first of the places where a gram of the table may stand; one beyond the last if there is none. */
export function nextCandidate({ shift, bits }: GramTable, codes: Uint16Array, { from, last, stride }: Places): number {
  for (let at = from; at <= last; at += stride) {
    const hash = hashOf(gramAt(codes, at)) >>> shift;
    if (((bits[hash >>> 5] ?? 0) & (1 << (hash & 31))) !== 0) return at;
  }
  return last + 1;
}

/** Where the chain begins in which a gram stands, if the table has it. */
export function firstEntry({ shift, heads }: GramTable, gram: number): number {
  return heads[(hashOf(gram) >>> shift) >>> headShift] ?? -1;
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
