import { createHunt, type Canary, type Hunt } from "./hunt.js";
import { bytesOf, decodings } from "./decodings.js";

/** A text to look through: a log, a dump, a request body. */
export interface LeakSource {
  /** Says where it came from, in the report. */
  readonly source: string;
  readonly text: string | Uint8Array;
}

/** A secret that was seen. */
export interface Leak {
  /** Of the canary. */
  readonly name: string;
  readonly source: string;
  /** What had to be undone to see it, outermost first; empty if it stood there as it is. */
  readonly via: readonly string[];
  /** How many bytes of it follow each other there. */
  readonly bytes: number;
  /** What stood before it, once decoded. */
  readonly before: string;
}

export interface FindLeaksOptions {
  /** Secrets that were planted. Random, and nothing that is public by itself: of a connection string the password, not the whole. */
  readonly canaries: readonly Canary[];
  readonly texts: Iterable<LeakSource> | AsyncIterable<LeakSource>;
  /** How many bytes of a canary in a row are a leak. Default 6. */
  readonly minimum?: number;
}

const deepest = 4;
const pieceLength = 1 << 18;
const overlap = 1 << 14;
const contextLength = 40;

/** Bytes that came out of any letters decode to nothing that could be decoded again. */
const legible = /[\t\n\r -~]{8}/;

interface Reading {
  readonly text: string;
  readonly via: readonly string[];
}

/**
 * Looks for secrets the way somebody who wants them would: whatever bytes of them can be read, whole or in part, after undoing up to four of JSON and source code escapes, percent and form encoding, HTML,
 * shell and SQL quotes, hex, and base64 from any character on. Reports each canary once per source, by the shortest way. Shares nothing with the redactor that it judges.
 */
export async function findLeaks({ canaries, texts, minimum = 6 }: FindLeaksOptions): Promise<Leak[]> {
  const hunt = createHunt(canaries, minimum);
  const leaks: Leak[] = [];
  for await (const { source, text } of texts) {
    const bytes = typeof text === "string" ? bytesOf(text) : Buffer.from(text).toString("latin1");
    const found = new Map<string, Leak>();
    for (let start = 0; start === 0 || start + overlap < bytes.length; start += pieceLength - overlap) {
      for (const leak of leaksIn(bytes.slice(start, start + pieceLength), hunt)) {
        if (!found.has(leak.name)) found.set(leak.name, { ...leak, source });
      }
    }
    leaks.push(...found.values());
  }
  return leaks;
}

function leaksIn(bytes: string, hunt: Hunt): Omit<Leak, "source">[] {
  const leaks = new Map<string, Omit<Leak, "source">>();
  const seen = new Set<string>();
  const look = (text: string, via: readonly string[]): Reading[] => {
    if (seen.has(text)) return [];
    seen.add(text);
    for (const { name, at, bytes: length } of hunt(text)) {
      if (!leaks.has(name)) leaks.set(name, { name, via, bytes: length, before: text.slice(Math.max(0, at - contextLength), at) });
    }
    return [{ text, via }];
  };
  let readings = look(bytes, []);
  for (let depth = 0; depth < deepest; depth += 1) {
    readings = readings.flatMap(({ text, via }) =>
      decodings.flatMap(({ name, decode, ofBytes }) => {
        const next = decode(text).flatMap((decoded) => look(decoded, [...via, name]));
        return ofBytes ? next.filter((reading) => legible.test(reading.text)) : next;
      }),
    );
  }
  return [...leaks.values()];
}
