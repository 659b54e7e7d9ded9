import { describe, expect, test } from "vitest";
import { loadParser } from "./parser.js";
import type { Script } from "./script.js";

const parser = await loadParser();

function read(text: string): Script {
  const script = parser.read(text);
  if ("problem" in script) throw new TypeError(script.problem.message);
  return script;
}

const statements = [
  "select 'ü; -- no comment', $$ ; /* $$",
  "create table \"ta;ble\" (näme text default E'\\';')",
  "do $do$ begin perform 1; /* ; */ end $do$",
  "create function f() returns int language sql begin atomic select 1; select 2; end",
  "insert into \"😀\" values ('😀;')",
  "select /* a /* nested ; */ comment */ 1 -- ; behind",
];
const between = ["", " ", "\n\n", "-- über ; 😀\n", "/* ; /* ü */ ; */", "\t/* 😀 */ -- ;\n  "];

describe("statements are split exactly", () => {
  test.for(statements.flatMap((first, index) => between.map((gap) => [first, gap, statements[(index + 1) % statements.length] ?? ""])))(
    "%j, then %j, then %j",
    ([first = "", gap = "", second = ""]) => {
      // A comment that reaches to the end of its line hides the semicolon.
      const text = `${gap}${first}\n;${gap}${second}\n;${gap}`;
      const script = read(text);
      expect(script.statements.map((statement) => statement.text)).toEqual([first, second]);
      expect(script.statements.map(({ start, end }) => text.slice(start, end))).toEqual([first, second]);
    },
  );

  test("where each begins is said in lines and characters, and what nodes point at too", () => {
    const { statements: found, placeOf } = read("-- ü\nselect 1; /* 😀 */ select ü\n  from 😀tabelle;\n\ttruncate a");
    expect(found.map(({ place }) => place)).toEqual([
      { line: 2, column: 1 },
      { line: 2, column: 19 },
      { line: 4, column: 2 },
    ]);
    const located = JSON.stringify(found[1]?.node).match(/"relname":"😀tabelle".*?"location":(\d+)/);
    expect(placeOf(Number(located?.[1]))).toEqual({ line: 3, column: 8 });
  });

  test.for(["", "  \n", "-- nothing", "/* a */ ; ;\n;"])("there is none in %j", (text) => {
    expect(read(text).statements).toEqual([]);
  });
});

test.for([
  ["select 1;\nselect 'ü', 😀 fro m x;", 2, 19, 'syntax error at or near "m"'],
  ["select 'über", 1, 8, 'unterminated quoted string at or near "\'über"'],
  ["create tabel a ();", 1, 8, 'syntax error at or near "tabel"'],
] as const)("what is no SQL is said with its place: %j", ([text, line, column, message]) => {
  expect(parser.read(text)).toEqual({ problem: { message, place: { line, column } } });
});
