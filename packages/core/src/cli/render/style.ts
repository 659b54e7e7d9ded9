import { styleText } from "node:util";

type Paint = (text: string) => string;

/** How things look: colours, which may all be off, and marks, which may be letters. */
export interface Style {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warning: Paint;
  readonly marks: Marks;
}

interface Marks {
  readonly good: string;
  readonly bad: string;
  readonly warning: string;
  readonly undone: string;
  readonly waiting: string;
  readonly separator: string;
  /** Shown one after the other while something runs. */
  readonly running: readonly string[];
}

const drawn: Marks = {
  good: "✔",
  bad: "✖",
  warning: "▲",
  undone: "↩",
  waiting: "·",
  separator: "·",
  running: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

const written: Marks = { good: "+", bad: "x", warning: "!", undone: "<", waiting: ".", separator: "-", running: ["|", "/", "-", "\\"] };

/** `symbols`: whether the terminal can draw more than letters. */
export function createStyle({ color, symbols }: { readonly color: boolean; readonly symbols: boolean }): Style {
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      color && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: paint("bold"),
    faint: paint("dim"),
    good: paint("green"),
    bad: paint("red"),
    warning: paint("yellow"),
    marks: symbols ? drawn : written,
  };
}
