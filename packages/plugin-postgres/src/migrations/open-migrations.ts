import {
  fail,
  type Actor,
  type AppliedMigrations,
  type DeploymentCall,
  type Logger,
  type MigrationPhase,
  type MigrationPlan,
} from "@fairlead/core";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";
import { diffSchemas } from "../diff/diff-schemas.js";
import type { DiffOptions, SchemaDiff } from "../diff/difference.js";
import { phases as order } from "../folder/phases.js";
import { readFolder, readFolderIfThere } from "../folder/read-folder.js";
import { inspectPending } from "../inspect/inspect-pending.js";
import type { Inspection } from "../inspect/inspection.js";
import { ensureLedger } from "../ledger/ledger-tables.js";
import { readLedger } from "../ledger/read-ledger.js";
import { createMigrator } from "../migrator/create-migrator.js";
import type { MigratorSettings } from "../migrator/settings.js";
import { verifyMigrations } from "../migrator/verify.js";
import { readWaysBackOf, type KeptWayBack } from "../migrator/ways-back.js";
import { whileLocked } from "../migrator/while-locked.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Verification } from "../scratch/verification.js";
import { baseline } from "./baseline.js";
import { invalidIndexes } from "./invalid-indexes.js";
import { refuseBeforeEarlier } from "./refuse-before-earlier.js";
import { refuseUnfit } from "./refuse-unfit.js";
import { repair, type RepairDecisions, type Repaired } from "./repair.js";
import { statusOf, type MigrationStatus } from "./status.js";

/** The migrations of a database, for scripts, tests and people: without a deployment. Each call may be given a signal that ends it. */
export interface Migrations {
  /** What is known of each migration. Changes nothing. */
  status(signal?: AbortSignal): Promise<readonly MigrationStatus[]>;
  /** What is to be done and what is wrong with it. Changes nothing. */
  plan(signal?: AbortSignal): Promise<MigrationPlan>;
  /** What each pending migration would do to those who use the database: locks, rewrites, findings. Changes nothing. */
  inspect(signal?: AbortSignal): Promise<readonly Inspection[]>;
  /** Tries what is pending on a scratch database, and says where the real one is not what its migrations make, also where nothing is pending. Changes nothing that is in use. */
  verify(signal?: AbortSignal): Promise<Verification>;
  /**
   * The SQL that makes one schema of another, with what is to be thought of beside each statement: of the folder what the database is (default), the other way round, or of or to another database by its address. Without rows, owners, privileges and
   * roles. It is tried on a scratch database; `proof` says what came of it. Changes nothing that is in use. Needs `@supabase/pg-delta`: rejects with `POSTGRES_DIFF_MISSING`; also with `POSTGRES_DIFF_SAME`, `POSTGRES_DIFF_UNAVAILABLE` and
   * `POSTGRES_DIFF_FAILED`.
   */
  diff(options?: DiffOptions, signal?: AbortSignal): Promise<SchemaDiff>;
  /** Applies all that is pending, or some phases of it, phase by phase: `expand`, `backfill`, `contract`. Safe to call again. Rejects with `POSTGRES_PHASE_PENDING` where something of an earlier phase is pending that was not asked for. */
  apply(signal?: AbortSignal, phases?: readonly MigrationPhase[]): Promise<AppliedMigrations>;
  /** What would take migrations back, newest first, as it was kept when they were applied. Rejects where one is not applied. Changes nothing. */
  waysBack(migrations: readonly string[], signal?: AbortSignal): Promise<readonly KeptWayBack[]>;
  /** Takes migrations back, newest first, with what was kept when they were applied. Data that they hold is lost. */
  down(migrations: readonly string[], signal?: AbortSignal): Promise<AppliedMigrations>;
  /** Counts all migrations up to this one as applied, without running them: the database has them already. Answers those that were not applied before. Rejects with `POSTGRES_MIGRATIONS_INVALID` where one of them has begun and not ended. */
  baseline(migration: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Makes invalid indexes anew, and changes what is written down as a person has decided. Rejects before it changes anything with `POSTGRES_MIGRATION_UNKNOWN` and `POSTGRES_REPAIR_REFUSED`. */
  repair(decisions?: RepairDecisions, signal?: AbortSignal): Promise<Repaired>;
}

/** What stands in the ledger where no deployment ran a migration. */
const byHand = "by hand";

interface ByWhom {
  readonly actor: Actor;
  readonly log: Logger;
  /** Called before something is changed. */
  readonly begins?: () => void;
}

/** Migrations as somebody runs them by hand. Reaches nothing before it is asked to. */
export function openMigrations(settings: MigratorSettings, { actor, log, begins = () => undefined }: ByWhom): Migrations {
  const { ledger, address, clock, folder } = settings;
  const migrator = createMigrator(settings);
  const callOf = (signal = new AbortController().signal): DeploymentCall => ({
    ...{ signal, log, actor, environment: "", deploymentId: byHand, idempotencyKey: byHand },
  });
  const looking = async <Result>(signal: AbortSignal | undefined, work: (session: Session) => Promise<Result>): Promise<Result> => {
    const session = await openSession({ address, clock, name: `fairlead ${actor.name}`, signal: callOf(signal).signal });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };
  return {
    status: async (signal) => {
      const files = await readFolder(folder);
      return looking(signal, (session) => statusOf(session, ledger, files));
    },
    plan: (signal) => migrator.plan(callOf(signal)),
    inspect: async (signal) => {
      const files = await readFolder(folder);
      return looking(signal, (session) => inspectPending(session, ledger, files));
    },
    verify: (signal) => verifyMigrations(settings, callOf(signal), { always: true }),
    diff: (options = {}, signal) => diffSchemas(settings, callOf(signal), options),
    async apply(signal, phases: readonly MigrationPhase[] = order) {
      const call = callOf(signal);
      const { pending, all } = await migrator.plan(call);
      refuseBeforeEarlier(pending, phases);
      const migrations = pending.length === 0 ? all : pending;
      const applied: AppliedMigrations["applied"][number][] = [];
      begins();
      for (const phase of order.filter((one) => phases.includes(one)))
        applied.push(...(await migrator.apply({ phase, migrations, release: "" }, call)).applied);
      return { applied };
    },
    waysBack: async (migrations, signal) => {
      const files = await readFolderIfThere(folder);
      return looking(signal, (session) => readWaysBackOf(session, ledger, migrations, files));
    },
    async down(migrations, signal) {
      begins();
      return (await migrator.revert?.({ migrations }, callOf(signal))) ?? { applied: [] };
    },
    async baseline(migration, signal) {
      const files = await readFolder(folder);
      const last = files.findIndex(({ id }) => id === migration);
      if (last === -1) throw fail(postgresErrors, "POSTGRES_MIGRATION_UNKNOWN", { migration, folder });
      return whileLocked(settings, callOf(signal), {
        ...{ deployment: byHand, release: "" },
        async work({ session, run }) {
          begins();
          return baseline({ session, ledger, run }, files, last + 1);
        },
      });
    },
    async repair(decisions = {}, signal) {
      const files = await readFolder(folder);
      return whileLocked(settings, callOf(signal), {
        ...{ deployment: byHand, release: "" },
        async work({ session }) {
          await ensureLedger(session, ledger);
          const entries = await readLedger(session, ledger);
          refuseUnfit(decisions, { files, entries, folder });
          const invalid = await invalidIndexes(session);
          begins();
          return repair(session, ledger, { files, decisions, invalid, actor: actor.name });
        },
      });
    },
  };
}
