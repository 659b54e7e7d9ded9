import type { CheckState, GroupState, HealthSnapshot } from "../health/index.js";

/** What is answered at a path. */
export type Place =
  | { readonly kind: "health" | "ready" | "live" | "startup" }
  | { readonly kind: "check"; readonly check: CheckState }
  | { readonly kind: "group"; readonly group: GroupState };

/** What is answered where, of one snapshot. `base` without a slash at its end. */
export function placesOf({ checks, groups }: HealthSnapshot, base: string): ReadonlyMap<string, Place> {
  const root: Place = { kind: "health" };
  return new Map<string, Place>([
    ...checks.map((check) => [`${base}/${check.name}`, { kind: "check", check }] as const),
    ...groups.map((group) => [`${base}/${group.name}`, { kind: "group", group }] as const),
    [base === "" ? "/" : base, root],
    ...(["ready", "live", "startup"] as const).map((kind) => [`${base}/${kind}`, { kind }] as const),
  ]);
}
