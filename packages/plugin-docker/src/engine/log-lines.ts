import type { LogLine } from "@fairlead/core";

type Stream = Exclude<LogLine["stream"], "event">;

/** Of a line: the engine cuts long ones after 16 KiB each, also in the middle of a character. */
type Pieces = readonly Buffer[];

const newline = 0x0a;
const space = 0x20;

/**
 * The lines in what an engine sends as the log of a container: pieces with a header of eight bytes (stream, three zeros, length), each beginning with its time. A line
 * has the time at which it was complete, so that times never go back.
 */
export async function* toLogLines(chunks: AsyncIterable<Buffer>): AsyncIterable<LogLine> {
  const open = new Map<Stream, { readonly at: string; readonly pieces: Pieces }>();
  for await (const { stream, content } of frames(chunks)) {
    const cut = content.indexOf(space);
    const at = new Date(content.subarray(0, cut).toString("utf8")).toISOString();
    const pieces = [...(open.get(stream)?.pieces ?? []), content.subarray(cut + 1)];
    if (content.at(-1) === newline) {
      open.delete(stream);
      yield toLine(stream, at, pieces);
    } else {
      open.set(stream, { at, pieces });
    }
  }
  for (const [stream, { at, pieces }] of open) yield toLine(stream, at, pieces);
}

function toLine(stream: Stream, at: string, pieces: Pieces): LogLine {
  const text = Buffer.concat(pieces)
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
