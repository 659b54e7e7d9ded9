import { isFairleadError, type Clock, type Logger, type MigrationFinding, type MigrationPhase } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { ensureLedger, type Ledger } from "../ledger/ledger.js";
import { runMigration, type RunOutcome } from "../run/run-migration.js";
import { findDrift } from "./find-drift.js";
import { findServerWide } from "./server-wide.js";
import { withScratchDatabase } from "./scratch-database.js";

export interface Rehearsal {
  /** A connection to the real database, which is only asked. */
  readonly admin: Session;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
  /** How the folder is called in what is said about all of it. */
  readonly folder: string;
  /** What has been applied, in the order in which it was. */
  readonly applied: readonly MigrationFile[];
  /** In the folder's order. */
  readonly pending: readonly MigrationFile[];
}

/** States of errors about values and rows, and those that statements of the migration raise themselves. */
const aboutData = /^(22|23|P0)/;

/** The order in which a deployment applies them. */
const phases: readonly MigrationPhase[] = ["expand", "backfill", "contract"];

/**
 * Runs all migrations on an empty database beside the real one, as they were run and as they will be. One that is pending and fails there is an error; where the migrations alone do not
 * make a database like the real one, or may not be tried, nothing is proved, which is a warning.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<readonly MigrationFinding[]> {
  const { applied, pending } = rehearsal;
  const unproved = unprovedIn(rehearsal);
  for (const { path, text } of [...applied, ...pending]) {
    const found = findServerWide(text);
    if (found !== undefined) return unproved(`${path} may reach beyond its database ("${found}").`);
  }
  const findings = await withScratchDatabase(rehearsal, async (scratch) => {
    const ledger = rehearsal.ledger;
    await ensureLedger(scratch, ledger);
    for (const file of applied) {
      const { failure } = await tryOut(rehearsal, scratch, file);
      if (failure !== undefined) return unproved(`what has been applied does not run on an empty database (${failure.problem}).`);
    }
    const { admin, folder } = rehearsal;
    // Where nothing was applied yet, whatever is there was there before.
    const drift = applied.length === 0 ? [] : await findDrift({ admin, scratch, folder, except: [ledger.schema] });
    const strangers = await relationsMissing(admin, scratch, ledger);
    const ended: MigrationFinding[] = [];
    for (const file of phases.flatMap((phase) => pending.filter((one) => one.phase === phase))) {
      const { failure, outcome } = await tryOut(rehearsal, scratch, file);
      if (outcome === "applied-loosely") ended.push(endsTransaction(file));
      if (failure === undefined) continue;
      const { problem, hint, dependsOnData } = failure;
      if (strangers.length > 0)
        return [...ended, ...unproved(`${problem}; but the database also has ${strangers.join(", ")}, which no migration made.`)];
      if (dependsOnData) return [...ended, ...unproved(`${problem}; but that depends on the data, and the scratch database has none.`)];
      return [
        ...ended,
        {
          severity: "error" as const,
          migration: file.id,
          message: `fails on a scratch database: ${problem}.`,
          hint,
        },
      ];
    }
    return [...drift, ...ended];
  });
  return findings === "refused" ? unproved("its role may not create databases.") : findings;
}

interface TryFailure {
  readonly problem: string;
  readonly hint: string;
  readonly dependsOnData: boolean;
}

async function tryOut(
  { ledger, clock, log, redact }: Rehearsal,
  session: Session,
  file: MigrationFile,
): Promise<{ readonly outcome?: RunOutcome; readonly failure?: TryFailure }> {
  const run = { deployment: "verify", release: "verify", runner: "verify", actor: null };
  try {
    return { outcome: await runMigration({ session, ledger, clock, log, redact, run, lockTimeout: 0, patience: 0 }, file) };
  } catch (error) {
    if (!isFairleadError(error) || error.retryable || session.signal.aborted) throw error;
    const { sqlState } = error.data;
    // What else is wrong is how the file is written, and has a remedy of its own.
    const hint = error.code === "POSTGRES_MIGRATION_FAILED" ? "Mend it; nothing has been applied." : error.hint;
    return { failure: { problem: error.message, hint, dependsOnData: typeof sqlState === "string" && aboutData.test(sqlState) } };
  }
}

/** Relations of the real database that the scratch database lacks, up to three. */
async function relationsMissing(admin: Session, scratch: Session, { schema }: Ledger): Promise<readonly string[]> {
  const read = async (session: Session): Promise<readonly string[]> =>
    (
      await session.ask<{ name: string }>(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', $1) and n.nspname !~ '^pg_(toast|temp)'
            and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
          order by 1`,
        [schema],
      )
    ).map(({ name }) => name);
  const there = new Set(await read(scratch));
  return (await read(admin)).filter((name) => !there.has(name)).slice(0, 3);
}

function unprovedIn({ folder }: Rehearsal): (because: string) => readonly MigrationFinding[] {
  return (because) => [
    {
      severity: "warning",
      migration: folder,
      message: `it was not proved that the pending migrations can run: ${because}`,
      hint: "They run unproved; one that fails keeps nothing of itself.",
    },
  ];
}

function endsTransaction({ id, path }: MigrationFile): MigrationFinding {
  return {
    severity: "error",
    migration: id,
    message: `${path} ends the transaction that it runs in: failing behind that, it would stay half done.`,
    hint: "Remove BEGIN, COMMIT and ROLLBACK: every file has a transaction of its own.",
  };
}
