import { shortened, weightOf } from "./shortened.js";

/** What is around a text, in bytes: its markup and when it was written. */
const around = 220;

/** How much room a part of the page has left for what people write. */
export interface Room {
  /** The text, cut to `most` bytes or to what is left; `null` where nothing is. */
  text(given: string, most: number): string | null;
}

export function createRoom(bytes: number): Room {
  let left = bytes;
  return {
    text(given, most) {
      if (left <= around) return null;
      const text = shortened(given, Math.min(most, left - around));
      left -= weightOf(text) + around;
      return text;
    },
  };
}
