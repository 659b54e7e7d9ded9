import { expect, test } from "vitest";
import { createRedactor } from "../../secret/redactor.js";
import { createOutputKeeper, lastLines } from "./kept-output.js";

function keeperOf(redact: (text: string) => string = (text) => text) {
  const logged: string[] = [];
  const write = (message: string): void => void logged.push(message);
  return { logged, keeper: createOutputKeeper({ info: write, warn: write, error: write }, redact) };
}

test("little is logged as it comes, and kept whole", () => {
  const { logged, keeper } = keeperOf();
  keeper.take("stdout", Buffer.from("one\ntwo\nthr"));
  expect(logged).toEqual(["one", "two"]);
  keeper.take("stderr", Buffer.from("oops\n"));
  keeper.take("stdout", Buffer.from("ee"));
  expect(keeper.end()).toEqual({ lines: ["one", "two", "oops", "three"], omitted: 0 });
  expect(logged).toEqual(["one", "two", "oops", "three"]);
});

test("of much the head and the tail are logged and kept, and how much was left out is said", () => {
  const { logged, keeper } = keeperOf();
  for (let index = 1; index <= 50_000; index += 1) keeper.take("stdout", Buffer.from(`line ${index}\n`));
  const { lines, omitted } = keeper.end();
  expect(logged).toHaveLength(1_201);
  expect(logged.slice(999, 1_002)).toEqual(["line 1000", "48800 lines were left out here", "line 49801"]);
  expect(logged.at(-1)).toBe("line 50000");
  expect(lines).toHaveLength(60);
  expect([lines[19], lines[20], lines[59]]).toEqual(["line 20", "line 49961", "line 50000"]);
  expect(omitted).toBe(49_940);
});

test("a little more than what is kept loses only that", () => {
  const { logged, keeper } = keeperOf();
  for (let index = 1; index <= 1_100; index += 1) keeper.take("stdout", Buffer.from(`line ${index}\n`));
  expect(keeper.end().omitted).toBe(1_040);
  expect(logged).toEqual(Array.from({ length: 1_100 }, (_, index) => `line ${index + 1}`));
});

test("a long line is masked first and cut then", () => {
  const redactor = createRedactor();
  redactor.register("TOKEN", "s3cret-".repeat(100));
  const { logged, keeper } = keeperOf((text) => redactor.text(text));
  keeper.take("stdout", Buffer.from(`${"x".repeat(1_800)}${"s3cret-".repeat(100)}${"y".repeat(1_000)}\n`));
  const { lines } = keeper.end();
  expect(logged[0]).toMatch(/^x+\[redacted:TOKEN\]y+ … \(\d+ characters more\)$/);
  expect(JSON.stringify([logged, lines])).not.toContain("s3cret");
});

test("an error quotes the last lines that say something", () => {
  expect(lastLines({ lines: ["a", "b", "", "c"], omitted: 0 }, 2)).toBe("  b\n  c");
  expect(lastLines({ lines: [], omitted: 0 })).toBe("  (it said nothing)");
});
