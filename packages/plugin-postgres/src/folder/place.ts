/** Where in a file the server found fault. */
interface FoundAt {
  /** In characters of the file's text, as PostgreSQL counts: the first is 1. */
  readonly position: number | undefined;
  /** From 1; none where it was not about the file's text. */
  readonly statement: number | undefined;
}

/** `migrations/0002_orders.sql:3:14` where the position is known, `migrations/0002_orders.sql, statement 2` where only the statement is, else the path alone. */
export function placeOf({ path, text }: { readonly path: string; readonly text: string }, { position, statement }: FoundAt): string {
  if (statement === undefined) return path;
  if (position === undefined) return `${path}, statement ${String(statement)}`;
  const before = [...text].slice(0, position - 1);
  const lines = before.join("").split("\n");
  const column = [...(lines.at(-1) ?? "")].length + 1;
  return `${path}:${String(lines.length)}:${String(column)}`;
}
