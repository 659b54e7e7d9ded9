/** How much it takes to change one's mind. Both must be reached: how many results in a row, and how long they have lasted. */
export interface Thresholds {
  /** From well to bad. */
  readonly failures: number;
  /** From bad to well. */
  readonly successes: number;
  /** How long from the first to the last of the failures at least, in milliseconds. */
  readonly failingFor: number;
  /** How long from the first to the last of the successes at least, in milliseconds. */
  readonly wellFor: number;
}

/** An opinion that one result alone does not change. */
export interface Opinion {
  readonly bad: boolean;
  /** How many results in a row have contradicted it, up to now. */
  readonly against: number;
  /** When the first of these came, in epoch milliseconds; `null` if there is none. */
  readonly since: number | null;
}

/** The opinion after one more result, which came `at`. A result that agrees forgets all that contradicted before it: only what comes in a row counts. */
export function reconsider(opinion: Opinion, { bad, at }: { readonly bad: boolean; readonly at: number }, given: Thresholds): Opinion {
  if (bad === opinion.bad) return { bad, against: 0, since: null };
  const against = opinion.against + 1;
  const since = opinion.since ?? at;
  const isEnough = bad ? isReached(given.failures, given.failingFor) : isReached(given.successes, given.wellFor);
  return isEnough ? { bad, against: 0, since: null } : { bad: opinion.bad, against, since };

  function isReached(count: number, duration: number): boolean {
    return against >= count && at - since >= duration;
  }
}
