import { createHash } from "node:crypto";
import { decode } from "./decode.js";
import { readDirectives } from "./directives.js";
import type { MigrationFile } from "./migration-file.js";

/** How a file is named that may be a migration in code: numbered, and no declaration or test. */
const named = /^\d[\w-]*\.m?[jt]s$/;

/** Whether a file is a migration written for Fairlead, and not for another tool, which would hand it something else. */
export function isCodeMigration(name: string, text: () => string): boolean {
  if (!named.test(name)) return false;
  const content = text();
  return content.includes("@fairlead/plugin-postgres") || /^\s*\/\/ ?fairlead:/m.test(content);
}

/** Reads a migration in code; it is not run for that. What is wrong with what it says about itself is among its problems. */
export function parseCode(id: string, path: string, content: Uint8Array | string): MigrationFile {
  const { text, problem } = decode(content);
  const { directives, problems } = readDirectives(commentsOf(text));
  return {
    ...directives,
    ...{ id, path, text, code: true, repeatable: false, tools: [], down: undefined },
    problems: problem === undefined ? problems : [problem, ...problems],
    checksum: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    digest: createHash("sha256").update(content).digest("hex"),
  };
}

/** The comments at the beginning of lines as SQL has them, every line in its place. */
function commentsOf(text: string): string {
  return text
    .split("\n")
    .map((line) => (/^\s*\/\//.test(line) ? line.replace("//", "--") : line.trim() === "" ? "" : "code"))
    .join("\n");
}
