const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number of things, and their name in the right number. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${Math.round(count) === 1 ? one : many}`;
}

/** A share as a percentage with the digits that say something: `0.45 %`, `5.2 %`, `31 %`. */
export function percentage(part: number, of: number): string {
  return of === 0 ? "no share" : `${significant((100 * part) / of)} %`;
}

/** A number with the digits that say something: `1,234`, `12`, `3.4`, `0.052`. */
export function significant(value: number): string {
  if (value >= 10 || value === 0) return whole.format(value);
  return String(Number(value.toPrecision(2)));
}

/** How much likelier. */
export function times(evidence: number): string {
  return evidence >= 1e6 ? "more than a million" : significant(evidence);
}
