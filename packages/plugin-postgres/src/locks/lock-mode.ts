/** PostgreSQL's locks on tables, the weakest first. */
export const lockModes = [
  "AccessShare",
  "RowShare",
  "RowExclusive",
  "ShareUpdateExclusive",
  "Share",
  "ShareRowExclusive",
  "Exclusive",
  "AccessExclusive",
] as const;

export type LockMode = (typeof lockModes)[number];

export function strongerOf(one: LockMode | undefined, other: LockMode): LockMode {
  return one !== undefined && lockModes.indexOf(one) > lockModes.indexOf(other) ? one : other;
}

/** What others cannot do to a table while a lock is held on it. */
export function blockedBy(
  mode: LockMode,
): "reading and writing" | "writing" | "changes of its structure" | "nothing that an application does" {
  if (mode === "AccessExclusive") return "reading and writing";
  if (mode === "Share" || mode === "ShareRowExclusive" || mode === "Exclusive") return "writing";
  return mode === "ShareUpdateExclusive" ? "changes of its structure" : "nothing that an application does";
}
