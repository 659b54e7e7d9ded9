import { fail } from "@fairlead/core";
import { takeOver, writeTakenOver } from "../adopt/write-down.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { ensureLedger } from "../ledger/ledger-tables.js";
import { readLedger } from "../ledger/read-ledger.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Runner } from "../transaction/runner.js";

/** Counts the first so many of these files as applied, once what another tool has applied is taken over. Answers those that were not applied before. Call it with the lock held. */
export async function baseline(
  { session, ledger, run }: Pick<Runner, "session" | "ledger" | "run">,
  files: readonly MigrationFile[],
  count: number,
): Promise<readonly string[]> {
  await ensureLedger(session, ledger);
  await takeOver(session, ledger, files, run);
  const states = new Map((await readLedger(session, ledger)).map(({ id, state }) => [id, state]));
  const wanted = files.slice(0, count).filter(({ id }) => states.get(id) !== "applied");
  const begun = wanted.filter(({ id }) => ["running", "partial"].includes(states.get(id) ?? ""));
  if (begun.length > 0) {
    const problems = begun.map(({ id }) => ({
      migration: id,
      message: "It has begun and not ended, so that only some of it may be in effect.",
      hint: "Apply it to its end, or look what there is of it and say so with `repair`: `applied` or `failed`.",
    }));
    throw fail(postgresErrors, "POSTGRES_MIGRATIONS_INVALID", { problems });
  }
  const taken = wanted.map((file) => ({ file, appliedAt: null, edited: false }));
  await writeTakenOver(session, ledger, { tool: "baseline", taken }, run);
  return wanted.map(({ id }) => id);
}
