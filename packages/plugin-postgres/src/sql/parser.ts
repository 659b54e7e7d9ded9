import type { RawStmt } from "libpg-query";
import { staticStatementsIn } from "./plpgsql.js";
import type { Script, Statement, SyntaxProblem } from "./script.js";
import { skipBlanks } from "./skip-blanks.js";
import { createTextMap, type TextMap } from "./text-map.js";

/** PostgreSQL's own parser. */
export interface Parser {
  /** Splits a text into its statements. Offsets are exact in texts of any characters. Never throws. */
  read(text: string): Script | { readonly problem: SyntaxProblem };
  /** The statements of a `do` block; `undefined` where not all of them can be known before it runs. */
  statementsWithin(block: string): readonly string[] | undefined;
}

let loading: Promise<Parser> | undefined;

/** Loads it when it is first asked for: it is nearly two megabytes, and most runs have no use for it. */
export function loadParser(): Promise<Parser> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Parser> {
  const { loadModule, parseSync, parsePlPgSQLSync } = await import("libpg-query");
  await loadModule();
  return {
    read(text) {
      const map = createTextMap(text);
      // An empty text is an error to it.
      if (text.trim() === "") return scriptOf(text, [], map);
      try {
        return scriptOf(text, parseSync(text).stmts ?? [], map);
      } catch (error) {
        return { problem: problemOf(error, map) };
      }
    },
    statementsWithin(block) {
      try {
        return staticStatementsIn(parsePlPgSQLSync(block));
      } catch {
        return undefined;
      }
    },
  };
}

function scriptOf(text: string, statements: readonly RawStmt[], map: TextMap): Script {
  return {
    statements: statements.flatMap((raw) => statementOf(text, raw, map)),
    placeOf: (location) => map.placeOf(map.indexOfByte(location)),
  };
}

function statementOf(text: string, { stmt: node, stmt_location: from = 0, stmt_len: length }: RawStmt, map: TextMap): readonly Statement[] {
  if (node === undefined) return [];
  const leading = map.indexOfByte(from);
  // Without a length it reaches to the end.
  const end = length === undefined ? text.length : map.indexOfByte(from + length);
  const start = skipBlanks(text, leading, end);
  const statement = text.slice(start, end).trimEnd();
  return [{ node, text: statement, start, end: start + statement.length, leading, place: map.placeOf(start) }];
}

/** It counts characters in its errors, from 0, and bytes everywhere else. */
function problemOf(error: unknown, map: TextMap): SyntaxProblem {
  const details: unknown = error instanceof Error ? Reflect.get(error, "sqlDetails") : undefined;
  const position: unknown = typeof details === "object" && details !== null ? Reflect.get(details, "cursorPosition") : undefined;
  const character = typeof position === "number" && position > 0 ? position : 0;
  return { message: error instanceof Error ? error.message : String(error), place: map.placeOf(map.indexOfCharacter(character)) };
}
