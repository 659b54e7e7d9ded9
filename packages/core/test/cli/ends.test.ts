import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorld, ends } from "./ends.js";
import { readJsonLines } from "./json-line-schema.js";
import { pass } from "./test-clock.js";

test.for(ends)("$name: $exitCode, in words", async ({ exitCode, says, next, play }) => {
  const world = createWorld(false);
  const { ended, stdout, stderr } = await play(world);
  expect(await pass(world.clock, ended), `${stdout.text}${stderr.text}`).toBe(exitCode);
  const text = `${stdout.text}${stderr.text}`;
  expect(text.replaceAll(/\s+/g, " ")).toMatch(says);
  const [, suggested = ""] = text.split("next:\n");
  expect([...suggested.matchAll(/^ {2}node deploy\.ts ([a-z-]+)/gm)].map(([, command]) => command)).toEqual(next);
});

test.for(ends)("$name: $exitCode, in JSON lines", async ({ exitCode, told, next, play }) => {
  const world = createWorld(true);
  const { ended, stdout, stderr } = await play(world);
  expect(await pass(world.clock, ended), `${stdout.text}${stderr.text}`).toBe(exitCode);
  const lines = readJsonLines(stdout.text);
  const said = lines.flatMap((line) => (line.type === "result" ? [line.result.phase] : line.type === "error" ? [line.error.code] : []));
  expect(said).toEqual(told === "" ? [] : [told]);
  const summary = lines.at(-1);
  expect(summary).toMatchObject({ type: "summary", exitCode });
  if (summary?.type === "summary") expect(summary.next.map((command) => command.split(" ")[2])).toEqual(next);
  expect(stderr.text).toBe("");
});

test("the page lists every end, with words that are said then", () => {
  const page = readFileSync(new URL("../../../../docs/command-line.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("## How a command ends");
  const rows = (section.split("\n## ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", code, reads = "", told = "", next = ""]) => ({ name, code, reads, told: wordsIn(told), next: wordsIn(next) }));
  expect(rows.map(({ reads: _, ...row }) => row)).toEqual(
    ends.map(({ name, exitCode, told, next }) => ({ name, code: String(exitCode), told: told === "" ? [] : [told], next })),
  );
  for (const [index, { says }] of ends.entries()) expect(rows[index]?.reads).toMatch(says);
});

function wordsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}
