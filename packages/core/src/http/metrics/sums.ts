/** One number of a family. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What they come to, by labels. */
export function summedBy<Item>(
  items: Iterable<Item>,
  labelsOf: (item: Item) => Sample["labels"],
  valueOf: (item: Item) => number,
): readonly Sample[] {
  const sums = new Map<string, Sample>();
  for (const item of items) {
    const labels = labelsOf(item);
    const key = JSON.stringify(Object.entries(labels));
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + valueOf(item) });
  }
  return [...sums.values()];
}
