/** What the text of an attempt begins with at the server. */
export function markOf(mark: string): string {
  return `/* fairlead ${mark} */ `;
}

/** Which row of `pg_stat_activity` works on an attempt, as a condition. A process that has ended it still shows its text, until it is given another. */
export function activeWith(mark: string): string {
  return `state = 'active' and starts_with(query, '${markOf(mark)}')`;
}
