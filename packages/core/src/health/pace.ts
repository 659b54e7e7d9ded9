import { isContested, type Judgement } from "./judgement.js";

/** While the answer is in doubt a check runs this much more often, and while it is down at most this much less often. */
const faster = 10;
const slower = 2;

/** Most that a delay is shortened, in milliseconds: no dependency is asked more often than twice a second because it failed. */
const shortest = 500;

/** How far a delay is moved at random, so that many processes do not ask at the same moment. */
const spread = 0.1;

/** How long a result counts: after it, so much was missed that nothing is known any more. Longer than the slowest pace. In milliseconds. */
export function validityOf(check: { readonly interval: number; readonly timeout: number }): number {
  return 3 * check.interval + check.timeout;
}

/**
 * Milliseconds until the next run: soon while the last results contradict the judgement, so that it is settled soon; ever later while it stays down, so that what struggles is not asked more
 * than it needs. `random` from 0 to 1.
 */
export function delayOf(
  judgement: Judgement,
  pace: { readonly interval: number; readonly failures: number; readonly random: number },
): number {
  const { interval, failures, random } = pace;
  const jitter = 1 - spread + 2 * spread * random;
  if (isContested(judgement)) return jitter * Math.min(interval, Math.max(shortest, interval / faster));
  if (judgement.status !== "down") return jitter * interval;
  return jitter * interval * Math.min(slower, 1 + (judgement.failures - failures) / 4);
}
