/** Who holds the lock of a state, as the program says it; undefined where it complains of something else. */
export function lockIn(output: string): { readonly lock: string; readonly who: string; readonly since: string } | undefined {
  if (!/Error acquiring the state lock/i.test(output)) return undefined;
  const field = (name: string): string => new RegExp(`^[│╷╵\\s]*${name}:\\s*(\\S.*)$`, "m").exec(output)?.[1]?.trim() ?? "unknown";
  return { lock: field("ID"), who: field("Who"), since: field("Created") };
}
