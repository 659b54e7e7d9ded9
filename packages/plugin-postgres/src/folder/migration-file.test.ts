import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { parseMigration } from "./migration-file.js";

function parse(content: string | Uint8Array, id = "0001_a") {
  return parseMigration(id, `migrations/${id}.sql`, Buffer.from(content));
}

test("what other systems do to a text does not change its checksum, and what it says does", () => {
  const plain = parse("create table a (\n  n int\n);");
  expect(plain.checksum).toBe(`sha256:${createHash("sha256").update("create table a (\n  n int\n);").digest("hex")}`);
  expect(parse("\uFEFFcreate table a (\r\n  n int\r\n);\r\n \n").checksum).toBe(plain.checksum);
  expect(parse("create table a (\n  n  int\n);").checksum).not.toBe(plain.checksum);
});

test("as text it is what it is as bytes", () => {
  for (const text of ["\uFEFFselect 'für 😀';\r\n", "-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n", "select '\0'"])
    expect({ ...parseMigration("1", "1.sql", text) }).toEqual({ ...parseMigration("1", "1.sql", Buffer.from(text)) });
});

test("what runs is what the checksum is of", () => {
  const { text, checksum } = parse("\uFEFFinsert into a values ('1  \r\n2 ');\r\n\r\n");
  expect(text).toBe("insert into a values ('1  \n2 ');");
  expect(checksum).toBe(`sha256:${createHash("sha256").update(text).digest("hex")}`);
});

test.for([
  ["text in another encoding", Buffer.from("select 'für'", "latin1"), 1, "it is not written in UTF-8."],
  ["half a text to the server", "select 1;\nselect '\0'", 2, "it holds a NUL character."],
  ["text of two bytes each", Buffer.from("select 1", "utf16le"), 1, "it holds a NUL character."],
] as const)("%s is a problem", ([, content, line, message]) => {
  expect(parse(content).problems).toMatchObject([{ line, message }]);
});

test("a way back beside the way there is a problem", () => {
  expect(parse("drop table a", "0001_a.down").problems).toMatchObject([{ message: "its name says that it is a way back." }]);
  expect(parse("create table a ()", "0001_a.up").problems).toEqual([]);
});
