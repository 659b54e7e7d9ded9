import { expect, test } from "vitest";
import { silenceSqliteWarning } from "./sqlite-warning.js";

test("keeps back the sentence about SQLite, lets everything else through, and leaves no trace", () => {
  const said: string[] = [];
  const emitWarning = ((warning: string | Error) => said.push(String(warning))) as unknown as typeof process.emitWarning;
  const target = { emitWarning };
  const restore = silenceSqliteWarning(target);
  target.emitWarning("SQLite is an experimental feature and might change at any time", "ExperimentalWarning");
  target.emitWarning("Type Stripping is an experimental feature", "ExperimentalWarning");
  target.emitWarning(new Error("something else"));
  expect(said).toEqual(["Type Stripping is an experimental feature", "Error: something else"]);
  restore();
  expect(target.emitWarning).toBe(emitWarning);
});

test("does not take away what somebody else has put there meanwhile", () => {
  const target = { emitWarning: (() => undefined) as typeof process.emitWarning };
  const restore = silenceSqliteWarning(target);
  const other = (() => undefined) as typeof process.emitWarning;
  target.emitWarning = other;
  restore();
  expect(target.emitWarning).toBe(other);
});
