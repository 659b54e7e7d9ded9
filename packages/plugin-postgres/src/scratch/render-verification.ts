import { blockedBy } from "../locks/lock-mode.js";
import type { ObservedStatement, Verification, VerifiedMigration } from "./verification.js";

/** What was proved, for people: the answer first, then each migration, then what there is to say. */
export function toVerificationText(verification: Verification): string {
  const { migrations, findings } = verification;
  return [
    answerOf(verification),
    ...migrations.flatMap(linesOf),
    ...findings.flatMap(({ severity, migration, message, hint }) => [`${severity}: ${migration}: ${message}`, `  ${hint}`]),
  ].join("\n");
}

const places = {
  beside: "on an empty database beside the real one",
  elsewhere: "on an empty database of another server",
  template: "on a copy of the real database",
  none: "nowhere",
};

function answerOf({ shadow, migrations, findings, drift }: Verification): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const runs = migrations.filter(({ outcome }) => outcome === "runs").length;
  const verdict = errors > 0 ? "NOT READY" : runs === migrations.length ? "ready" : "not proved";
  const tried = `${String(runs)} of ${String(migrations.length)} pending migrations run, tried ${places[shadow]}`;
  const drifted = drift.length === 0 ? "" : `; ${String(drift.length)} differences between the database and its migrations`;
  return `${verdict}: ${tried}${drifted}`;
}

const waysBack = {
  none: "no way back",
  returns: "its way back leads back",
  differs: "its way back does not lead back",
  fails: "its way back fails",
  untried: "its way back was not tried",
};

function linesOf({ path, outcome, statements, wayBack }: VerifiedMigration): readonly string[] {
  const said = outcome === "runs" ? "runs" : outcome === "fails" ? "FAILS" : "not tried";
  return [`${path}: ${said}; ${waysBack[wayBack]}`, ...statements.flatMap(statementLines)];
}

function statementLines({ line, summary, locks, rewrites }: ObservedStatement): readonly string[] {
  const held = locks.map(
    ({ relation, mode, foreseen }) =>
      `       ${mode} on ${relation}: others wait for ${blockedBy(mode)}${foreseen === mode ? "" : ` (foreseen: ${foreseen ?? "nothing"})`}`,
  );
  const anew = rewrites.map(({ relation, foreseen }) => `       ${relation} written anew${foreseen ? "" : " (not foreseen)"}`);
  return held.length + anew.length === 0 ? [] : [`  ${String(line).padStart(4)} ${summary}`, ...held, ...anew];
}
