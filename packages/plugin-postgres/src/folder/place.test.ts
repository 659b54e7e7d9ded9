import { expect, test } from "vitest";
import { placeOf } from "./place.js";

const path = "migrations/0001.sql";

test.for([
  ["select", 1, "1:1"],
  ["select\n  x", 10, "2:3"],
  ["-- 😀 ü\nselect '😀', x", 20, "2:13"],
  ["select 1;\n", 11, "2:1"],
] as const)("%j at character %i is %s", ([text, position, place]) => {
  expect(placeOf({ path, text }, { position, statement: 1 })).toBe(`${path}:${place}`);
});

test("without a position the statement is named", () => {
  expect(placeOf({ path, text: "select" }, { position: undefined, statement: 3 })).toBe(`${path}, statement 3`);
});

test("what is said about another text than the file's has no place in it", () => {
  expect(placeOf({ path, text: "select" }, { position: 2, statement: undefined })).toBe(path);
});
