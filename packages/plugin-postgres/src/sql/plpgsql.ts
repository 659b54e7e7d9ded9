/**
 * The texts of the statements of a block, as far as they are written there, and its expressions as queries: they call functions and loop over rows. `undefined` if there is one that is put together when it runs.
 */
export function staticStatementsIn(tree: unknown): readonly string[] | undefined {
  const found: string[] = [];
  const unknown: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("query" in value && typeof value.query === "string") found.push(statementOf(value.query, value));
    for (const [name, member] of Object.entries(value)) {
      if (name.startsWith("PLpgSQL_stmt_dyn") || name === "dynquery") unknown.push(name);
      else visit(member);
    }
  };
  visit(tree);
  return unknown.length === 0 ? found : undefined;
}

/** As PostgreSQL's parser tells what stands there: 0 a statement, 2 an expression, from 3 on an assignment. */
function statementOf(query: string, expression: object): string {
  const mode: unknown = "parseMode" in expression ? expression.parseMode : 0;
  if (typeof mode !== "number" || mode < 2) return query;
  return `select ${mode === 2 ? query : query.replace(/^[^=]*=/, "")}`;
}
