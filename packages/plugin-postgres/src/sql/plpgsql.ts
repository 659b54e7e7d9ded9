/** The texts of the static statements of a block; `undefined` if there is one that is put together when it runs. */
export function staticStatementsIn(tree: unknown): readonly string[] | undefined {
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
