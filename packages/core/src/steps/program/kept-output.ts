import type { Logger } from "../../contract/call.js";
import { createLines } from "./lines.js";

/** What is kept of all that a program said. */
export interface KeptOutput {
  /** Its first and last lines, masked. */
  readonly lines: readonly string[];
  /** How many lines between them were left out. */
  readonly omitted: number;
}

/** Takes the output of a program: every line is masked, then cut, then logged and kept as far as there is room. */
export interface OutputKeeper {
  take(from: "stdout" | "stderr", piece: Buffer): void;
  /** Tells the log what was held back, and answers what is kept. */
  end(): KeptOutput;
}

/** Of one line, in characters. */
const longestLine = 2_000;
/** Lines that are logged as they come, and of the rest those that are logged at the end. */
const log = { head: 1_000, tail: 200 };
/** Lines that are kept in the journal. */
const journal = { head: 20, tail: 40, longest: 400 };

/** Makes a keeper. `redact` masks a whole line. */
export function createOutputKeeper(logger: Logger, redact: (text: string) => string): OutputKeeper {
  const head: string[] = [];
  let tail: string[] = [];
  let count = 0;
  const add = (line: string, dropped: number): void => {
    // Cut after masking: half a secret is not found.
    const text = shortened(redact(line), longestLine, dropped);
    count += 1;
    if (count <= log.head) {
      head.push(text);
      logger.info(text);
      return;
    }
    tail.push(text);
    if (tail.length > 2 * log.tail) tail = tail.slice(-log.tail);
  };
  const streams = { stdout: createLines(add), stderr: createLines(add) };
  return {
    take: (from, piece) => {
      streams[from].write(piece);
    },
    end: () => {
      streams.stdout.end();
      streams.stderr.end();
      const last = tail.slice(-log.tail);
      const unlogged = count - head.length - last.length;
      if (unlogged > 0) logger.warn(`${lines(unlogged)} left out here`, { omitted: unlogged });
      for (const text of last) logger.info(text);
      return keptOf(head, last, count);
    },
  };
}

function keptOf(head: readonly string[], last: readonly string[], count: number): KeptOutput {
  const all = [...head, ...last];
  const kept = count <= journal.head + journal.tail ? all : [...all.slice(0, journal.head), ...all.slice(-journal.tail)];
  return { lines: kept.map((text) => shortened(text, journal.longest)), omitted: count - kept.length };
}

/** The last lines, for an error that has to say what went wrong. */
export function lastLines({ lines: all }: KeptOutput, amount = 8): string {
  const said = all.filter((line) => line !== "").slice(-amount);
  return (said.length === 0 ? ["(it said nothing)"] : said).map((line) => `  ${line}`).join("\n");
}

function shortened(text: string, length: number, dropped = 0): string {
  const more = Math.max(0, text.length - length) + dropped;
  return more === 0 ? text : `${text.slice(0, length)} … (${String(more)} characters more)`;
}

function lines(amount: number): string {
  return `${String(amount)} ${amount === 1 ? "line was" : "lines were"}`;
}
