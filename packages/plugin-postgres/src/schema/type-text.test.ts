import { expect, test } from "vitest";
import { loadParser } from "../sql/parser.js";
import { isFilled } from "./column.js";
import { typeText } from "./type-text.js";

test.for([
  ["a int", "int4", false],
  ["a bigserial", "int8", true],
  ["a serial2 not null", "int2", true],
  ["a varchar(20)[]", "varchar(20)[]", false],
  ["a audit.kind default 'x'", "audit.kind", true],
  // Names that objects of JavaScript have by themselves.
  ["a constructor", "constructor", false],
  ["a valueOf", "valueof", false],
] as const)("%s is of the type %s", async ([column, type, filled]) => {
  const script = (await loadParser()).read(`create table t (${column})`);
  const [statement] = "problem" in script ? [] : script.statements;
  const [element] = statement !== undefined && "CreateStmt" in statement.node ? (statement.node.CreateStmt.tableElts ?? []) : [];
  const definition = element !== undefined && "ColumnDef" in element ? element.ColumnDef : {};
  expect([typeText(definition.typeName), isFilled(definition)]).toEqual([type, filled]);
});
