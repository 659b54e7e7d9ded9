import { stripVTControlCharacters } from "node:util";
import type { JsonObject } from "../json/json.js";
import { createStyle, type Style } from "./render/style.js";
import type { CliStream, GuardedStream } from "./stream.js";

/** Version of the JSON lines. It changes when a member changes its meaning or goes away, not when one is added. */
const jsonVersion = 1;

/** Where a command says things: to people as text, to programs as JSON lines. */
export interface Output {
  /** JSON lines: then `text` and `problem` say nothing. */
  readonly json: boolean;
  /** Whether somebody watches and lines may be drawn anew. */
  readonly live: boolean;
  readonly style: Style;
  /** Most columns of a line now; infinite where it is no terminal. */
  readonly width: () => number;
  /** Most rows of what is drawn anew. */
  readonly height: () => number;
  readonly text: (lines: readonly string[]) => void;
  /** As `text`, where mistakes are told. */
  readonly problem: (lines: readonly string[]) => void;
  readonly record: (type: string, members: object) => void;
  /** Sent as it is, where a terminal obeys it. */
  readonly draw: (sequence: string) => void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly color: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `stdout` writes to. */
  readonly terminal: CliStream;
  /** Whether `stderr` writes to a terminal. */
  readonly isErrorTerminal: boolean;
  readonly stdout: GuardedStream;
  readonly stderr: GuardedStream;
}

/** Lines longer than this are hard to read, however wide the terminal. */
const widest = 120;

export function createOutput({ json, color, env, terminal, isErrorTerminal, stdout, stderr }: OutputOptions): Output {
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== "";
  const obeys = !json && terminal.isTTY === true && env["TERM"] !== "dumb";
  const width = (): number => (terminal.isTTY === true ? Math.min(widest, positive(terminal.columns, 80)) : Infinity);
  const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
  return {
    json,
    // Some CI systems pretend to be a terminal, and keep every drawing in their logs.
    live: obeys && !isSet("CI"),
    style: createStyle({ color: color && obeys && !isSet("NO_COLOR"), symbols: env["TERM"] !== "linux" }),
    width,
    height: () => positive(terminal.rows, 24),
    text(lines) {
      if (!json) stdout.write(joined(lines));
    },
    problem(lines) {
      if (!json) stderr.write(isErrorTerminal ? joined(lines) : stripVTControlCharacters(joined(lines)));
    },
    record(type, members) {
      if (json) stdout.write(`${JSON.stringify({ v: jsonVersion, type, ...members } satisfies JsonObject)}\n`);
    },
    draw(sequence) {
      if (obeys) stdout.write(sequence);
    },
  };
}

function positive(value: number | undefined, otherwise: number): number {
  return value === undefined || value <= 0 ? otherwise : value;
}
