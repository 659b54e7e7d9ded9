import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";

/** A length of time as text: `"250ms"`, `"30s"`, `"2m"`, `"12h"`, `"7d"`. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Whether a text is a duration. */
export function isDuration(text: string): text is Duration {
  return /^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text);
}

/** Milliseconds of a duration. Throws `DURATION_INVALID` for anything else. */
export function toMilliseconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  if (match?.[1] === undefined || match[2] === undefined) throw fail(coreErrors, "DURATION_INVALID", { value: duration });
  return Math.round(Number(match[1]) * unit[match[2] as keyof typeof unit]);
}

/** A length of time for people: `850 ms`, `3.2 s`, `2 m 05 s`, `1 h 10 m`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000) return `${String(Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return `${String(minutes)} m ${String(Math.floor((milliseconds % 60_000) / 1_000)).padStart(2, "0")} s`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, "0")} m`;
}
