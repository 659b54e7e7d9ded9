import type { Clock } from "../../time/clock.js";
import type { Output } from "../output.js";
import { widthOf } from "./text.js";

/** The last lines of a terminal, drawn anew while time passes; what is printed stands above them and stays. */
export interface Screen {
  print(lines: readonly string[]): void;
  /** Draws now, for what has just changed. */
  refresh(): void;
  /** Takes the lines away and gives the cursor back. */
  stop(): void;
}

/** Between two drawings, in milliseconds. */
const drawEvery = 100;

const hideCursor = "\u001B[?25l";
export const showCursor = "\u001B[?25h";
const toLineEnd = "\u001B[K";
const toScreenEnd = "\u001B[J";
const up = (rows: number): string => (rows > 0 ? `\u001B[${String(rows)}A` : "");

/** `region` gives the lines as they are now; each must fit the width. */
export function createScreen(output: Output, clock: Clock, region: () => readonly string[]): Screen {
  const stopped = new AbortController();
  let drawn: readonly string[] = [];

  /** Rows that the lines drawn last take now: a terminal that has become narrower has broken them. */
  const rowsDrawn = (): number => {
    const width = output.width();
    return drawn.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / width)), 0);
  };
  const draw = (above: readonly string[]): void => {
    const lines = stopped.signal.aborted ? [] : region().slice(0, Math.max(1, output.height() - 1));
    const all = [...above, ...lines].map((line) => `${line}${toLineEnd}\n`).join("");
    output.draw(`${up(rowsDrawn())}\r${all}${toScreenEnd}`);
    drawn = lines;
  };

  output.draw(hideCursor);
  draw([]);
  const keepDrawing = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(drawEvery, { signal: stopped.signal, background: true });
      draw([]);
    }
  };
  keepDrawing().catch(() => undefined);

  return {
    print: draw,
    refresh: () => {
      draw([]);
    },
    stop() {
      if (stopped.signal.aborted) return;
      stopped.abort();
      output.draw(`${up(rowsDrawn())}\r${toScreenEnd}${showCursor}`);
      drawn = [];
    },
  };
}
