import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createJudge } from "../../src/metrics.js";

test("what the documentation shows of the judge is what it says", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/analysis.md"), "utf8");
  const [, sample = "", shown = ""] = /```ts\n(import \{ createJudge \}.*?)```\n\n```text\n(.*?)```/s.exec(page) ?? [];
  const printed: string[] = [];
  const program = stripTypeScriptTypes(sample.replace(/^import .*$/m, ""));
  runInNewContext(program, { createJudge, console: { log: (line: string) => void printed.push(line) } });
  expect(`${printed.join("\n")}\n`).toBe(shown);
  expect(printed.length).toBeGreaterThan(3);
});
