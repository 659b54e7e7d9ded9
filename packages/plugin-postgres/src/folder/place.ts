/** `migrations/0002_orders.sql:3:14` for a position in the file's text, as PostgreSQL counts: characters, the first is 1. The path alone where there is no position. */
export function placeOf({ path, text }: { readonly path: string; readonly text: string }, position: number | undefined): string {
  if (position === undefined) return path;
  const before = [...text].slice(0, position - 1);
  const lines = before.join("").split("\n");
  const column = [...(lines.at(-1) ?? "")].length + 1;
  return `${path}:${String(lines.length)}:${String(column)}`;
}
