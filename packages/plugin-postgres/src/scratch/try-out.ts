import { isFairleadError } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readEntry } from "../ledger/read-ledger.js";
import { runMigration } from "../run/run-migration.js";
import type { RunOutcome, Runner } from "../transaction/runner.js";
import type { Rehearsal } from "./rehearsal.js";

/** Why something does not run on a scratch database. */
export interface TryFailure {
  readonly problem: string;
  readonly hint: string;
  /** What the server said, where it did. */
  readonly said: string;
  readonly sqlState: string | undefined;
  /** Whether it may run where there are other rows. */
  readonly dependsOnData: boolean;
}

/** States of errors about values and rows, and those that statements of the migration raise themselves. */
const aboutData = /^(22|23|P0)/;

/** What a scratch database is migrated with: nobody else is there. */
export function scratchRunner({ ledger, clock, log, redact }: Rehearsal, session: Session): Runner {
  return {
    session,
    ledger,
    clock,
    log,
    redact,
    run: { deployment: "verify", release: "verify", runner: "verify", actor: null },
    lockTimeout: 0,
    patience: 0,
  };
}

/** Runs a migration on a scratch database. */
export async function tryOut(
  rehearsal: Rehearsal,
  session: Session,
  file: MigrationFile,
): Promise<{ readonly outcome?: RunOutcome; readonly failure?: TryFailure }> {
  try {
    const entry = await readEntry(session, rehearsal.ledger, file.id);
    return { outcome: await runMigration(scratchRunner(rehearsal, session), file, entry) };
  } catch (error) {
    return { failure: failureOf(session, error) };
  }
}

/** What a migration is to blame for; throws on what it is not. */
export function failureOf({ signal }: Session, error: unknown): TryFailure {
  if (!isFairleadError(error) || error.retryable || signal.aborted) throw error;
  const { sqlState: state, problem: what } = error.data;
  const sqlState = typeof state === "string" ? state : undefined;
  const said = typeof what === "string" ? what : error.message;
  // What else is wrong is how the file is written, and has a remedy of its own.
  const hint = error.code === "POSTGRES_MIGRATION_FAILED" ? "Mend it; nothing has been applied." : error.hint;
  return { problem: error.message, hint, said, sqlState, dependsOnData: sqlState !== undefined && aboutData.test(sqlState) };
}
