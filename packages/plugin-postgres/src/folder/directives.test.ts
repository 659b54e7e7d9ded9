import { expect, test } from "vitest";
import { readDirectives } from "./directives.js";

test("without a directive a file expands, in a transaction, and code of the release before survives it", () => {
  const { directives, problems } = readDirectives("-- Makes orders.\ncreate table orders ();");
  expect(directives).toEqual({ phase: "expand", declared: false, compatibility: "code-only", stated: false, transaction: true });
  expect(problems).toEqual([]);
});

test.for([
  [
    "-- fairlead: contract\ndrop table a",
    { phase: "contract", declared: true, compatibility: "irreversible", stated: false, transaction: true },
  ],
  [
    "-- fairlead: contract, needs-down\nalter table a rename to b",
    { phase: "contract", declared: true, compatibility: "needs-down", stated: true, transaction: true },
  ],
  [
    "-- fairlead: contract code-only\ndrop index a",
    { phase: "contract", declared: true, compatibility: "code-only", stated: true, transaction: true },
  ],
  ["-- fairlead: backfill", { phase: "backfill", declared: true, compatibility: "code-only", stated: false, transaction: true }],
  [
    "-- fairlead: irreversible\nalter table a add b int not null",
    { phase: "expand", declared: false, compatibility: "irreversible", stated: true, transaction: true },
  ],
  [
    "\n-- About it.\n\n--fairlead:   no-transaction  \n-- fairlead: expand",
    { phase: "expand", declared: true, compatibility: "code-only", stated: false, transaction: false },
  ],
] as const)("%j", ([text, directives]) => {
  expect(readDirectives(text)).toEqual({ directives, problems: [] });
});

test.for([
  ["-- fairlead: contrct\nselect 1", 1, '"contrct" is no directive.'],
  ["-- one\n-- fairlead:\nselect 1", 2, '"" is no directive.'],
  ["-- fairlead: Contract", 1, '"Contract" is no directive.'],
  ["-- Fairlead: contract", 1, '"-- Fairlead: contract" is no directive.'],
  ["-- fairlead contract", 1, '"-- fairlead contract" is no directive.'],
  ["  --  fairlead : contract", 1, '"--  fairlead : contract" is no directive.'],
  ["-- fairlead: expand\n-- fairlead: contract", 2, '"contract" contradicts "expand".'],
  ["-- fairlead: needs-down irreversible", 1, '"irreversible" contradicts "needs-down".'],
  ["/* licence */\n-- fairlead: contract\ndrop table a", 2, "a directive stands behind the first statement."],
  ["select 1;\n\n-- fairlead: contract", 3, "a directive stands behind the first statement."],
  [
    "-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;",
    3,
    '"-- migrate:down" begins a way back, which would run behind the way there.',
  ],
  ["create table a ();\n-- +goose Down\ndrop table a;", 2, '"-- +goose Down" begins a way back, which would run behind the way there.'],
] as const)("%j is a problem at line %i", ([text, line, message]) => {
  expect(readDirectives(text).problems).toEqual([{ line, message, hint: expect.stringMatching(/\w/) }]);
});

test("a sentence about Fairlead is no directive, nor is one that is meant twice in the same way", () => {
  expect(readDirectives("-- fairlead makes its own schema\n-- fairlead: contract\n-- fairlead: contract\nselect 1").problems).toEqual([]);
});
