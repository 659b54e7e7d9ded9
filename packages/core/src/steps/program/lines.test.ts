import { expect, test } from "vitest";
import { createLines } from "./lines.js";

function linesOf(...pieces: readonly (string | Buffer)[]): readonly unknown[] {
  const told: unknown[] = [];
  const lines = createLines((line, dropped) => told.push(dropped === 0 ? line : { length: line.length, dropped }));
  for (const piece of pieces) lines.write(Buffer.from(piece as string));
  lines.end();
  return told;
}

test("lines are the same wherever the pieces are cut, also inside of a character", () => {
  const text = "größer\r\nals 😀\n\nzuvor";
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(linesOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual(["größer", "als 😀", "zuvor"]);
  }
});

test("what is meant for a terminal is left out, and a line that is redrawn is another one", () => {
  expect(linesOf("\u001b[32mok\u001b[0m  \n10 %\r100 %\n")).toEqual(["ok", "10 %", "100 %"]);
});

test("a line that never ends costs no more memory than a long one", () => {
  expect(linesOf("x".repeat(60_000), "y".repeat(60_000), "\nnext")).toEqual([{ length: 65_536, dropped: 54_464 }, "next"]);
});
