import { hostname } from "node:os";
import {
  fail,
  Secret,
  systemClock,
  type AppliedMigrations,
  type DeploymentCall,
  type Duration,
  type Logger,
  type MigrationPlan,
} from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import { openSession, type Session } from "../connection/session.js";
import { readFolder } from "../folder/read-folder.js";
import { ensureLedger } from "../ledger/ledger.js";
import type { MigratorSettings } from "../migrator/apply.js";
import { createMigrator } from "../migrator/create-migrator.js";
import { verifyMigrations } from "../migrator/verify.js";
import { whileLocked } from "../migrator/while-locked.js";
import { checkOptions } from "../options.js";
import { postgresErrors } from "../postgres-errors.js";
import { readShadow } from "../scratch/shadow.js";
import type { Verification } from "../scratch/verification.js";
import { baseline } from "./baseline.js";
import { repair, type RepairDecisions, type Repaired } from "./repair.js";
import { statusOf, type MigrationStatus } from "./status.js";

/** Options of `createMigrations()`; those that `postgres()` has too mean the same. */
export interface MigrationsOptions {
  /** `postgres://user:password@host:5432/database` of a role that may change the schema. */
  readonly url: string;
  /** Folder of migrations, relative to where the process runs. Default `"./migrations"`. */
  readonly migrations?: string;
  /** The application whose migrations these are: the name that its deployer has. */
  readonly application: string;
  /** Schema of the ledger. Default `"fairlead"`. */
  readonly schema?: string;
  /** Default `"100ms"`. */
  readonly lockTimeout?: Duration;
  /** Default `"2m"`. */
  readonly patience?: Duration;
  /** Who does it, for the ledger. Default `"by hand"`. */
  readonly actor?: string;
  /** Where `verify` tries migrations: as in the options of `postgres()`, with an address in place of a secret. Default `"beside"`. */
  readonly shadow?: string;
  /** Where it is said what is done. Default nowhere. */
  readonly log?: Logger;
}

/** The migrations of a database, for scripts, tests and people: without a deployment. Each call may be given a signal that ends it. */
export interface Migrations {
  /** What is known of each migration. Changes nothing. */
  status(signal?: AbortSignal): Promise<readonly MigrationStatus[]>;
  /** What is to be done and what is wrong with it. Changes nothing. */
  plan(signal?: AbortSignal): Promise<MigrationPlan>;
  /** Tries what is pending on a scratch database, and says where the real one is not what its migrations make, also where nothing is pending. Changes nothing that is in use. */
  verify(signal?: AbortSignal): Promise<Verification>;
  /** Applies all that is pending, phase by phase: `expand`, `backfill`, `contract`. Safe to call again. */
  apply(signal?: AbortSignal): Promise<AppliedMigrations>;
  /** Takes migrations back, newest first, with what was kept when they were applied. Data that they hold is lost. */
  down(migrations: readonly string[], signal?: AbortSignal): Promise<AppliedMigrations>;
  /** Counts all migrations up to this one as applied, without running them: the database has them already. Answers those that were not applied before. Rejects with `POSTGRES_MIGRATIONS_INVALID` where one of them has begun and not ended. */
  baseline(migration: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Makes invalid indexes anew, and changes what is written down as a person has decided. */
  repair(decisions?: RepairDecisions, signal?: AbortSignal): Promise<Repaired>;
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const phases = ["expand", "backfill", "contract"] as const;

/** Makes an object that migrates a database. Reaches nothing before it is asked to. Throws `POSTGRES_URL_INVALID` and `POSTGRES_OPTIONS_INVALID`. */
export function createMigrations(options: MigrationsOptions): Migrations {
  const { application, actor = "by hand", log = silent } = options;
  const { migrations, schema, lockTimeout, patience } = options;
  const checked = checkOptions({ migrations, schema, lockTimeout, patience });
  const settings: MigratorSettings = {
    address: readAddress(new Secret("url", options.url)),
    ledger: { schema: checked.schema, application },
    folder: checked.migrations,
    clock: systemClock,
    runner: `${String(process.pid)}@${hostname()}`,
    lockTimeout: checked.lockTimeout,
    patience: checked.patience,
    redact: (text) => text,
    shadow: readShadow(options.shadow ?? "beside"),
  };
  const { ledger, address, clock, folder } = settings;
  const migrator = createMigrator(settings);
  const callOf = (signal = new AbortController().signal): DeploymentCall => ({
    ...{ signal, log, environment: "", deploymentId: actor, idempotencyKey: actor },
  });
  const looking = async <Result>(signal: AbortSignal | undefined, work: (session: Session) => Promise<Result>): Promise<Result> => {
    const session = await openSession({ address, clock, name: `fairlead ${actor}`, signal: callOf(signal).signal });
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
    verify: (signal) => verifyMigrations(settings, callOf(signal), { always: true }),
    async apply(signal) {
      const call = callOf(signal);
      const { pending, all } = await migrator.plan(call);
      const migrations = pending.length === 0 ? all : pending;
      const applied: AppliedMigrations["applied"][number][] = [];
      for (const phase of phases) applied.push(...(await migrator.apply({ phase, migrations, release: "" }, call)).applied);
      return { applied };
    },
    down: async (migrations, signal) => (await migrator.revert?.({ migrations }, callOf(signal))) ?? { applied: [] },
    async baseline(migration, signal) {
      const files = await readFolder(folder);
      const last = files.findIndex(({ id }) => id === migration);
      if (last === -1) throw fail(postgresErrors, "POSTGRES_MIGRATION_UNKNOWN", { migration, folder });
      return whileLocked(settings, callOf(signal), {
        ...{ deployment: actor, release: "" },
        async work({ session, run }) {
          return baseline({ session, ledger, run }, files, last + 1);
        },
      });
    },
    async repair(decisions = {}, signal) {
      const files = await readFolder(folder);
      return whileLocked(settings, callOf(signal), {
        ...{ deployment: actor, release: "" },
        async work({ session }) {
          await ensureLedger(session, ledger);
          return repair(session, ledger, { files, decisions });
        },
      });
    },
  };
}
