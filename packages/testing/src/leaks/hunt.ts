import { bytesOf } from "./decodings.js";

/** A secret that was planted to see where it turns up. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** A stretch of a canary in a text. */
export interface Sighting {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

/** Finds stretches of canaries in bytes, one character each; every canary once. */
export type Hunt = (bytes: string) => Sighting[];

/** Knows every stretch of `minimum` bytes of every canary, except the lines that say what a PEM file is and stretches of one repeated byte. */
export function createHunt(canaries: readonly Canary[], minimum: number): Hunt {
  const stretches = new Map<string, Stretch[]>();
  const beginnings = new Uint8Array(0x10000);
  for (const { name, value } of canaries) {
    const bytes = bytesOf(value);
    const isPublic = publicPlaces(bytes);
    for (let offset = 0; offset + minimum <= bytes.length; offset += 1) {
      const text = bytes.slice(offset, offset + minimum);
      if (isPublic(offset, minimum) || /^([^])\1*$/.test(text)) continue;
      stretches.set(text, [...(stretches.get(text) ?? []), { name, rest: bytes.slice(offset) }]);
      beginnings[pairAt(text, 0)] = 1;
    }
  }

  return (bytes) => {
    const sightings = new Map<string, Sighting>();
    for (let at = 0; at + minimum <= bytes.length; at += 1) {
      if (beginnings[pairAt(bytes, at)] === 0) continue;
      for (const { name, rest } of stretches.get(bytes.slice(at, at + minimum)) ?? []) {
        if (!sightings.has(name)) sightings.set(name, { name, at, bytes: commonLength(rest, bytes, at) });
      }
    }
    return [...sightings.values()];
  };
}

interface Stretch {
  readonly name: string;
  /** The canary from here on. */
  readonly rest: string;
}

function pairAt(bytes: string, at: number): number {
  return bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
}

function commonLength(rest: string, bytes: string, at: number): number {
  let length = 0;
  while (length < rest.length && rest[length] === bytes[at + length]) length += 1;
  return length;
}

/** Whether a stretch lies inside of a line of PEM armor and the line ends around it. */
function publicPlaces(bytes: string): (offset: number, length: number) => boolean {
  const lines = [...bytes.matchAll(/[\r\n]*^-----(?:BEGIN|END) [^-]*-----\s*/gm)].map(({ 0: line, index }) => ({
    start: index,
    end: index + line.length,
  }));
  return (offset, length) => lines.some((line) => offset >= line.start && offset + length <= line.end);
}
