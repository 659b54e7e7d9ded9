import { describe, expect, test } from "vitest";
import { toLogLines } from "./log-lines.js";

/** A piece as the engine sends it: stream, three zeros, length, content. */
function piece(stream: "stdout" | "stderr", content: string | Buffer): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(8);
  header[0] = stream === "stdout" ? 1 : 2;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

async function linesIn(bytes: Buffer, size: number): Promise<readonly unknown[]> {
  const chunks = async function* (): AsyncIterable<Buffer> {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
  };
  const lines: unknown[] = [];
  for await (const line of toLogLines(chunks())) lines.push(line);
  return lines;
}

describe.for([1, 3, 8, 13, 1_000])("in chunks of %i bytes", (size) => {
  test("lines come in their order, each with its time and stream", async () => {
    const log = [
      piece("stdout", "2026-01-02T03:04:05.000000001Z first\n"),
      piece("stderr", "2026-01-02T03:04:05.000000002Z second with spaces\r\n"),
      piece("stdout", "2026-01-02T03:04:05.007999999Z \n"),
    ];

    expect(await linesIn(Buffer.concat(log), size)).toEqual([
      { at: "2026-01-02T03:04:05.000Z", text: "first", stream: "stdout" },
      { at: "2026-01-02T03:04:05.000Z", text: "second with spaces", stream: "stderr" },
      { at: "2026-01-02T03:04:05.007Z", text: "", stream: "stdout" },
    ]);
  });

  test("a long line that was cut, also inside a character and with the other stream in between, is whole again", async () => {
    const euro = Buffer.from("€");
    const log = [
      piece("stdout", Buffer.concat([Buffer.from("2026-01-02T03:04:05.1Z price: "), euro.subarray(0, 2)])),
      piece("stderr", "2026-01-02T03:04:05.2Z warning\n"),
      piece("stdout", Buffer.concat([Buffer.from("2026-01-02T03:04:05.3Z "), euro.subarray(2), Buffer.from(" 5\n")])),
    ];

    expect(await linesIn(Buffer.concat(log), size)).toEqual([
      { at: "2026-01-02T03:04:05.200Z", text: "warning", stream: "stderr" },
      { at: "2026-01-02T03:04:05.300Z", text: "price: € 5", stream: "stdout" },
    ]);
  });
});

test("a last line without an end is a line", async () => {
  expect(await linesIn(piece("stderr", "2026-01-02T03:04:05Z Segmentation fault"), 1_000)).toEqual([
    { at: "2026-01-02T03:04:05.000Z", text: "Segmentation fault", stream: "stderr" },
  ]);
});
