import { formatMilliseconds } from "../time/duration.js";

export function count(amount: number, noun: string, several = `${noun}s`): string {
  return `${String(amount)} ${amount === 1 ? noun : several}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[], between: "and" | "or" = "and"): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${between} ${last}`;
}

/** `: the reason`, or nothing. */
export function because(reason: string | null): string {
  return reason === null || reason.trim() === "" ? "" : `: ${reason}`;
}

/** Ends a text as a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** A length of time; days where it is long. */
export function lengthOf(milliseconds: number): string {
  const days = milliseconds / 86_400_000;
  return days < 2 ? formatMilliseconds(milliseconds) : `${days.toFixed(1)} days`;
}
