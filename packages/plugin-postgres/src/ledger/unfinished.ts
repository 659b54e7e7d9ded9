import type { MigrationFinding } from "@fairlead/core";
import { tableOf, type Ledger, type LedgerEntry } from "./ledger.js";

/** Whether what began can go on only when a person has looked. */
export function isUnfinished({ state, progress }: LedgerEntry): boolean {
  return state === "running" && (progress === null || progress.attempt?.unknown === true);
}

/** Nobody but a person can say what of it is in effect. */
export function unfinishedFinding(ledger: Ledger, { id, startedAt, runner, failure }: LedgerEntry): MigrationFinding {
  const which = `where application = '${ledger.application.replaceAll("'", "''")}' and id = '${id.replaceAll("'", "''")}'`;
  return {
    severity: "error",
    migration: id,
    message:
      `began at ${startedAt} (${runner}) outside of a transaction` +
      (failure === null
        ? " and did not report its end: it runs still, or some of it may be in effect."
        : ` and failed, so that some of it may be in effect: ${failure}.`),
    hint:
      `${failure === null ? "If it runs, wait. Else look" : "Look"} what there is of it (an index that was not finished is left behind invalid: drop it), and say so: ` +
      `update ${tableOf(ledger)} set state = 'failed' ${which}; lets it run again, set state = 'applied' counts it as complete.`,
  };
}
