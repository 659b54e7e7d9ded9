/** Which id the next request goes to: the same every time, evenly spread, and of any hundred requests in a row as many for each as its percentage says. Nothing where no id has a share. */
export function createSharing(weights: Readonly<Record<string, number>>): () => string | undefined {
  const due = new Map(Object.keys(weights).map((id) => [id, 0]));
  return () => {
    let chosen: string | undefined;
    let most = -Infinity;
    for (const [id, owed] of due) {
      const weight = weights[id] ?? 0;
      if (weight <= 0) continue;
      due.set(id, owed + weight);
      if (owed + weight > most) [chosen, most] = [id, owed + weight];
    }
    if (chosen !== undefined) due.set(chosen, most - 100);
    return chosen;
  };
}
