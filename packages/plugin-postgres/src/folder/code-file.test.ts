import { expect, test } from "vitest";
import { parseCode } from "./code-file.js";
import { parseMigration } from "./migration-file.js";

const code = "// fairlead: code-only\nexport const up = async () => undefined;";

test.for([
  ["text in another encoding", Buffer.from("// größer\n", "latin1"), 1, "it is not written in UTF-8."],
  ["half a text to whoever looks", `${code}\n// \0`, 3, "it holds a NUL character."],
  ["text of two bytes each", Buffer.from(code, "utf16le"), 1, "it holds a NUL character."],
] as const)("%s is a problem, as it is in SQL", ([, content, line, message]) => {
  expect(parseCode("1", "1.ts", content).problems).toMatchObject([{ line, message }]);
  expect(parseMigration("1", "1.sql", content).problems).toMatchObject([{ line, message }]);
});

test("what other systems do to code does not change its checksum, and what it says does", () => {
  const { checksum } = parseCode("1", "1.ts", code);
  expect(parseCode("1", "1.ts", Buffer.from(`\uFEFF${code.replaceAll("\n", "\r\n")}\r\n \n`)).checksum).toBe(checksum);
  expect(parseCode("1", "1.ts", `${code} `.replace("undefined", "null")).checksum).not.toBe(checksum);
});
