import type { Node } from "libpg-query";

/** PostgreSQL's own parser. */
export interface Parser {
  /** The statements of a text with their lines; `undefined` for what is no SQL to it. */
  statementsOf(text: string): readonly { readonly node: Node; readonly line: number }[] | undefined;
  /** The statements of a `do` block; `undefined` where not all of them can be known before it runs. */
  statementsWithin(block: string): readonly string[] | undefined;
}

/** Loads it when it is first needed: it is nearly two megabytes. */
export async function loadParser(): Promise<Parser> {
  const { loadModule, parseSync, parsePlPgSQLSync } = await import("libpg-query");
  await loadModule();
  const statementsOf: Parser["statementsOf"] = (text) => {
    if (text.trim() === "") return [];
    try {
      const bytes = Buffer.from(text);
      return (parseSync(text).stmts ?? []).flatMap(({ stmt, stmt_location = 0 }) =>
        stmt === undefined ? [] : [{ node: stmt, line: bytes.subarray(0, stmt_location).toString().split("\n").length }],
      );
    } catch {
      return undefined;
    }
  };
  return {
    statementsOf,
    statementsWithin(block) {
      try {
        return programsIn(parsePlPgSQLSync(block));
      } catch {
        return undefined;
      }
    },
  };
}

/** The texts of static statements; `undefined` if there is one that is put together when it runs. */
function programsIn(tree: unknown): readonly string[] | undefined {
  const found: string[] = [];
  const unknown: string[] = [];
  const visit = (value: unknown, inStatement: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (name.startsWith("PLpgSQL_stmt_dyn")) unknown.push(name);
      else if (inStatement && name === "query" && typeof member === "string") found.push(member);
      else visit(member, inStatement || name === "PLpgSQL_stmt_execsql");
    }
  };
  visit(tree, false);
  return unknown.length === 0 ? found : undefined;
}
