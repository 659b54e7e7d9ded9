import { createGramTable, firstEntry, gramAt, gramLength, nextCandidate, type Gram } from "./gram-table.js";
import type { View } from "./views/view.js";

/** Finds many patterns at once, in time that hardly depends on how many there are. */
export interface Matcher {
  /** Calls for every occurrence of every pattern, overlapping ones too, in no particular order. */
  find(view: View, found: (pattern: number, at: number) => void): void;
  /** Where the longest suffix begins that some pattern begins with and goes beyond; the length of the view if there is none. */
  cutAt(view: View): number;
}

const longestStride = 5;

/** Every pattern is known by the grams at `stride` neighbouring places of it, so that only every `stride`-th place of a text is looked at. */
export function createMatcher(patterns: readonly string[]): Matcher {
  const codes = patterns.map(codesOf);
  const long = codes.flatMap(({ length }, pattern) => (length < gramLength ? [] : [pattern]));
  const tiny = codes.flatMap(({ length }, pattern) => (length < gramLength ? [pattern] : []));
  const longest = codes.reduce((length, pattern) => Math.max(length, pattern.length), 0);
  const shortest = long.reduce((length, pattern) => Math.min(length, codes[pattern]?.length ?? 0), Infinity);
  const stride = Math.max(1, Math.min(longestStride, shortest - gramLength + 1));
  const inside = createGramTable(leastCrowdedGrams(codes, long, stride));
  const heads = createGramTable(long.map((pattern) => ({ gram: gramAt(codes[pattern] ?? noCodes, 0), pattern, offset: 0 })));
  const beginnings = new Set(
    codes.flatMap((pattern) => [1, 2, 3].filter((length) => length < pattern.length).map((length) => beginningOf(pattern, 0, length))),
  );

  return {
    find(view, found) {
      const last = view.length - gramLength;
      const next = (from: number) => nextCandidate(inside, view.codes, { from, last, stride });
      for (let at = next(0); at <= last; at = next(at + stride)) {
        const gram = gramAt(view.codes, at);
        for (let entry = firstEntry(inside, gram); entry >= 0; entry = inside.next[entry] ?? -1) {
          if (inside.grams[entry] !== gram) continue;
          const pattern = inside.patterns[entry] ?? 0;
          const start = at - (inside.offsets[entry] ?? 0);
          const wanted = codes[pattern] ?? noCodes;
          if (start >= 0 && start + wanted.length <= view.length && agree(view.codes, start, wanted, wanted.length)) found(pattern, start);
        }
      }
      for (const pattern of tiny) {
        const wanted = codes[pattern] ?? noCodes;
        for (let at = 0; at + wanted.length <= view.length; at += 1) if (agree(view.codes, at, wanted, wanted.length)) found(pattern, at);
      }
    },
    cutAt({ codes: text, length }) {
      for (let at = Math.max(0, length - longest + 1); at < length; at += 1) {
        const rest = length - at;
        if (rest < gramLength) {
          if (beginnings.has(beginningOf(text, at, rest))) return at;
          continue;
        }
        const gram = gramAt(text, at);
        for (let entry = firstEntry(heads, gram); entry >= 0; entry = heads.next[entry] ?? -1) {
          const wanted = codes[heads.patterns[entry] ?? 0] ?? noCodes;
          if (heads.grams[entry] === gram && wanted.length > rest && agree(text, at, wanted, rest)) return at;
        }
      }
      return length;
    },
  };
}

const noCodes = new Uint16Array(0);

function codesOf(pattern: string): Uint16Array {
  return Uint16Array.from({ length: pattern.length }, (_, index) => pattern.charCodeAt(index));
}

function beginningOf(codes: Uint16Array, at: number, length: number): number {
  let key = length;
  for (let index = at; index < at + length; index += 1) key = key * 0x10000 + (codes[index] ?? 0);
  return key;
}

function agree(text: Uint16Array, at: number, wanted: Uint16Array, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (text[at + index] !== wanted[index]) return false;
  return true;
}

/** Secrets often begin alike (`postgres://`, `sk_live_`): take each pattern's grams from where the fewest others have theirs. */
function leastCrowdedGrams(codes: readonly Uint16Array[], patterns: readonly number[], stride: number): Gram[] {
  const taken = new Map<number, number>();
  return patterns.flatMap((pattern) => {
    const text = codes[pattern] ?? noCodes;
    const last = text.length - gramLength - stride + 1;
    const grams = (base: number) =>
      Array.from({ length: stride }, (_, index) => ({ gram: gramAt(text, base + index), pattern, offset: base + index }));
    const crowd = (base: number) => grams(base).reduce((sum, { gram }) => sum + (taken.get(gram) ?? 0), 0);
    const bases = [...new Set([0, 0.25, 0.5, 0.75, 1].map((part) => Math.floor(last * part)))];
    const best = bases.reduce((least, base) => (crowd(base) < crowd(least) ? base : least));
    for (const { gram } of grams(best)) taken.set(gram, (taken.get(gram) ?? 0) + 1);
    return grams(best);
  });
}
