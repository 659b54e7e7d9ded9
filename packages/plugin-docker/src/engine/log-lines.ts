import type { LogLine } from "@fairlead/core";

type Stream = Exclude<LogLine["stream"], "event">;

/** A line that is not complete yet: the engine cuts long ones into pieces of 16 KiB, and not between characters. */
interface Piece {
  readonly at: string;
  readonly bytes: readonly Buffer[];
}

const newline = 0x0a;
const space = 0x20;

/**
 * The lines in what an engine sends as the log of a container: pieces with a header of eight bytes (stream, three zeros, length), each beginning with its time.
 */
export async function* toLogLines(chunks: AsyncIterable<Buffer>): AsyncIterable<LogLine> {
  const open = new Map<Stream, Piece>();
  for await (const { stream, content } of frames(chunks)) {
    const cut = content.indexOf(space);
    const begun = open.get(stream);
    const piece = {
      at: begun?.at ?? content.subarray(0, cut).toString("utf8"),
      bytes: [...(begun?.bytes ?? []), content.subarray(cut + 1)],
    };
    if (content.at(-1) === newline) {
      open.delete(stream);
      yield toLine(stream, piece);
    } else {
      open.set(stream, piece);
    }
  }
  for (const [stream, piece] of open) yield toLine(stream, piece);
}

function toLine(stream: Stream, { at, bytes }: Piece): LogLine {
  const text = Buffer.concat(bytes)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  return { at, text, stream };
}

async function* frames(chunks: AsyncIterable<Buffer>): AsyncIterable<{ readonly stream: Stream; readonly content: Buffer }> {
  let buffer: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    while (buffer.length >= 8) {
      const end = 8 + buffer.readUInt32BE(4);
      if (buffer.length < end) break;
      yield { stream: buffer[0] === 2 ? "stderr" : "stdout", content: buffer.subarray(8, end) };
      buffer = buffer.subarray(end);
    }
  }
}
