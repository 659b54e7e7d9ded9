import { stripVTControlCharacters, styleText } from "node:util";

/** Columns of what is printed. */
export const width = 92;

type Paint = Parameters<typeof styleText>[0];

/** Colours a text where standard output is a terminal that wants colours. */
function paint(format: Paint): (text: string) => string {
  return (text) => (text === "" ? "" : styleText(format, text));
}

export const strong = paint("bold");
export const faint = paint("dim");
export const good = paint("green");
export const bad = paint("red");

export function say(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line.trimEnd()}\n`);
}

/** A heading with what it is about on its right. */
export function heading(text: string, aside = ""): string {
  return `${strong(text)}${" ".repeat(width - text.length - aside.length)}${faint(aside)}`;
}

/** Fills up to a number of columns; what is coloured already keeps its colours. */
export function left(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stripVTControlCharacters(text).length));
}

export function right(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - stripVTControlCharacters(text).length)) + text;
}

/** A text on lines of at most so many columns, broken between words. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `3.4 s` */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** `1,034` */
export function amount(number: number): string {
  return number.toLocaleString("en");
}

/** `1 answer`, `2 answers` */
export function count(number: number, noun: string): string {
  return `${amount(number)} ${noun}${number === 1 ? "" : "s"}`;
}
