/** Between whom shares are sent, and which were announced. */
export interface SharedBetween {
  readonly stable: string;
  readonly candidate: string;
  readonly steps: readonly number[];
}

/** Why these percentages cannot be sent, in plain words; `undefined` where they can. */
export function problemOfShares(
  shift: SharedBetween | undefined,
  weights: Readonly<Record<string, number>>,
  ability: "any" | "staged" | "none",
): string | undefined {
  if (shift === undefined) return "no shift is open";
  const unknown = Object.keys(weights).find((id) => id !== shift.stable && id !== shift.candidate);
  if (unknown !== undefined) return `no shift is open for ${unknown}`;
  const shares = Object.values(weights);
  if (shares.some((share) => !(share >= 0)) || Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100) > 1e-6)
    return "they do not sum to 100";
  const share = weights[shift.candidate] ?? 0;
  if (ability === "none" && share !== 0 && share !== 100) return "it sends all or nothing";
  if (ability === "staged" && share !== 0 && !shift.steps.includes(share)) return `${String(share)} was not announced`;
  return undefined;
}
