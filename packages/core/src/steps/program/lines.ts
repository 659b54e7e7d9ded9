import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";

/** Longer lines are not kept whole, in characters. */
const longest = 65_536;

/** Makes lines of what comes in pieces. A program that redraws a line (`\r`) is taken to write a new one. */
export interface Lines {
  write(piece: Buffer): void;
  /** The last line needs no end. */
  end(): void;
}

/** `onLine` is told each line without what is meant for a terminal, and how many characters of it were dropped for its length. */
export function createLines(onLine: (line: string, dropped: number) => void): Lines {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  let dropped = 0;
  const tell = (): void => {
    if (pending !== "" || dropped > 0) onLine(stripVTControlCharacters(pending).trimEnd(), dropped);
    pending = "";
    dropped = 0;
  };
  const add = (text: string): void => {
    const room = longest - pending.length;
    pending += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  };
  const take = (text: string): void => {
    const [first = "", ...more] = text.split(/\r\n|\n|\r/);
    add(first);
    for (const line of more) {
      tell();
      add(line);
    }
  };
  return {
    write: (piece) => {
      take(decoder.write(piece));
    },
    end: () => {
      take(decoder.end());
      tell();
    },
  };
}
