import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodeOfError, exitCodeOfResult, exitTable, worstOf } from "./exit-codes.js";

const page = readFileSync(new URL("../../../../docs/command-line.md", import.meta.url), "utf8");

const failure = { code: "VERCEL_SOMETHING", message: "", hint: "", status: 500, retryable: false, data: {} };

test("the page lists every exit code with what leads to it", () => {
  const [, section = ""] = page.split("## Exit codes");
  const rows = section
    .split("\n")
    .filter((line) => /^\| \d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, code, meaning, ends = "", errors = "", statuses = ""]) => [code, meaning, wordsIn(ends), wordsIn(errors), wordsIn(statuses)]);
  expect(rows).toEqual(
    exitTable.map(({ exitCode, meaning, phases = [], outcomes = [], errors = [], statuses = [] }) => [
      String(exitCode),
      meaning,
      [...phases, ...outcomes],
      errors,
      statuses.map(String),
    ]),
  );
});

test("nothing leads to two exit codes", () => {
  const causes = exitTable.flatMap(({ phases = [], outcomes = [], errors = [], statuses = [] }) => [
    ...phases,
    ...outcomes,
    ...errors,
    ...statuses,
  ]);
  expect(new Set(causes).size).toBe(causes.length);
  expect(exitTable.map(({ exitCode }) => exitCode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 64]);
});

test.for([
  ["succeeded", "promoted", 0],
  ["succeeded", "rolled-back", 0],
  ["succeeded", "adopted", 0],
  ["succeeded", "unchanged", 0],
  ["cancelled", null, 8],
  ["abandoned", null, 8],
  ["needs_attention", null, 10],
] as const)("a deployment that ended %s (%s) ends the command with %i", ([phase, outcome, exitCode]) => {
  expect(exitCodeOfResult({ phase, outcome, error: null })).toBe(exitCode);
});

test("what had nothing to do says so where asked", () => {
  expect(exitCodeOfResult({ phase: "succeeded", outcome: "unchanged", error: null }, { detailed: true })).toBe(7);
  expect(exitCodeOfResult({ phase: "succeeded", outcome: "promoted", error: null }, { detailed: true })).toBe(0);
});

test("what was taken back because it failed is a failure, because somebody asked it is not", () => {
  expect(exitCodeOfResult({ phase: "rolled_back", outcome: null, error: failure })).toBe(4);
  expect(exitCodeOfResult({ phase: "rolled_back", outcome: null, error: null })).toBe(8);
});

test("what failed before anything was done ends with its error", () => {
  const failed = { phase: "failed", outcome: null } as const;
  expect(exitCodeOfResult({ ...failed, error: failure })).toBe(1);
  expect(exitCodeOfResult({ ...failed, error: { ...failure, code: "PREFLIGHT_FAILED", status: 409 } })).toBe(5);
  expect(exitCodeOfResult({ ...failed, error: { ...failure, status: 401 } })).toBe(3);
});

test.for([
  ["CONFIGURATION_INVALID", 500, 2],
  ["STORE_NOT_WRITABLE", 500, 3],
  ["SCHEMA_NOT_REVERSIBLE", 409, 5],
  ["ROLLBACK_SERVING_CHANGED", 409, 5],
  ["ENVIRONMENT_UNKNOWN", 404, 6],
  ["STEP_TIMEOUT", 504, 9],
  ["DEPLOYMENT_WAITING", 409, 10],
  ["ENVIRONMENT_BUSY", 409, 11],
  ["CLI_USAGE_INVALID", 400, 64],
  ["SOMEBODYS_PLUGIN_DENIED", 403, 3],
  ["SOMEBODYS_PLUGIN_UNKNOWN", 404, 6],
  ["SOMEBODYS_PLUGIN_SLOW", 504, 9],
  ["SOMEBODYS_PLUGIN_FAILED", 502, 1],
] as const)("the error %s (status %i) ends the command with %i", ([code, status, exitCode]) => {
  expect(exitCodeOfError({ code, status })).toBe(exitCode);
});

test("of several ends the one counts that wants somebody to look", () => {
  expect(worstOf([])).toBe(0);
  expect(worstOf([0, 4, 10])).toBe(10);
  expect(worstOf([0, 8, 4])).toBe(8);
});

function wordsIn(cell: string): readonly string[] {
  return cell
    .replaceAll("`", "")
    .split(" ")
    .filter((word) => word !== "");
}
