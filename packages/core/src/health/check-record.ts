import { judge, unknown, type Judgement, type Rules } from "./judgement.js";
import type { CheckRun } from "./run-check.js";

/** What is remembered of a check. */
export interface CheckRecord {
  readonly judgement: Judgement;
  /** The last run, and when it ended, in epoch milliseconds. */
  readonly last: { readonly run: CheckRun; readonly at: number } | null;
  /** The last run that was not up. */
  readonly failure: CheckRun | null;
}

/** Before the first run. */
export const noRecord: CheckRecord = Object.freeze({ judgement: unknown, last: null, failure: null });

/** Whether so much time has passed since the last run that it says nothing any more. `validity` in milliseconds. */
export function isStale({ last }: CheckRecord, validity: number, now: number): boolean {
  return last !== null && now >= last.at + validity;
}

/** The record after one more run. Results that have become stale count no more: what follows them begins anew. */
export function record(
  before: CheckRecord,
  run: CheckRun,
  given: { readonly at: number; readonly validity: number; readonly rules: Rules },
) {
  const { at, validity, rules } = given;
  const judgement = judge(isStale(before, validity, at) ? unknown : before.judgement, { status: run.status, at }, rules);
  return Object.freeze<CheckRecord>({ judgement, last: { run, at }, failure: run.status === "up" ? before.failure : run });
}
