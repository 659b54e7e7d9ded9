/** How many results in a row it takes to change one's mind. */
export interface Thresholds {
  /** From well to bad. */
  readonly failures: number;
  /** From bad to well. */
  readonly successes: number;
}

/** An opinion that one result alone does not change. */
export interface Opinion {
  readonly bad: boolean;
  /** How many results in a row have contradicted it, up to now. */
  readonly against: number;
}

/** The opinion after one more result. A result that agrees forgets all that contradicted before it: only what comes in a row counts. */
export function reconsider(opinion: Opinion, bad: boolean, { failures, successes }: Thresholds): Opinion {
  if (bad === opinion.bad) return { bad, against: 0 };
  const against = opinion.against + 1;
  return against >= (bad ? failures : successes) ? { bad, against: 0 } : { bad: opinion.bad, against };
}
