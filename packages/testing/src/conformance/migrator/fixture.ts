import assert from "node:assert/strict";
import {
  isFairleadError,
  type AppliedMigrations,
  type CallOptions,
  type DeploymentCall,
  type Logger,
  type MigrationPhase,
  type MigrationReference,
  type Migrator,
} from "@fairlead/core";
import type { Fixture } from "../suite.js";

/** A migrator whose folder and database are empty, and somebody who looks at the database past the migrator. */
export interface MigratorFixture extends Fixture {
  readonly migrator: Migrator;
  /** Another instance of the plugin on the same folder and the same database, as another process would have it. */
  readonly again: () => Promise<Migrator> | Migrator;
  /** Puts migrations where the migrator reads them; one of a name that is there already replaces it. They are to run in the order of their names. Answers what the migrator calls them. */
  readonly write: (...scripts: readonly MigrationScript[]) => Promise<readonly string[]> | readonly string[];
  /** Takes one away again, as an older release would not have it. What it did stays. */
  readonly remove: (name: string) => Promise<void> | void;
  readonly witness: MigratorWitness;
}

/** A migration as the suite wants it written. */
export interface MigrationScript {
  /** Like `0001_first`. */
  readonly name: string;
  readonly phase: MigrationPhase;
  /** It leaves this mark in the database, once each time that it takes effect. */
  readonly mark: string;
  /** `fails`: leaves its mark first and then fails. `hangs`: leaves its mark and then runs for a minute at least. */
  readonly ends?: "fails" | "hangs";
}

export interface MigratorWitness {
  /** The marks that migrations left, in the order in which they were left, found out without the migrator. */
  marks(): Promise<readonly string[]>;
}

/** A migration that does what it should. */
export function script(number: number, phase: MigrationPhase = "expand"): MigrationScript {
  return { name: `000${String(number)}_${phase}`, phase, mark: `mark ${String(number)}` };
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A call that only asks. */
export function question(signal: AbortSignal = new AbortController().signal): CallOptions {
  return { signal, log: silent };
}

let minted = 0;

/** A call of a deployment. */
export function callOf(signal: AbortSignal = new AbortController().signal): DeploymentCall {
  minted += 1;
  const deploymentId = `dep_conformance_${String(minted)}`;
  return { signal, log: silent, environment: "production", deploymentId, idempotencyKey: `${deploymentId}/migrations` };
}

export const release = "rel_conformance";

/** What is pending of a phase, as a plan would name it. */
export async function pendingOf(migrator: Migrator, phase: MigrationPhase = "expand"): Promise<readonly MigrationReference[]> {
  const { pending } = await migrator.plan(question());
  return pending.filter((one) => one.phase === phase).map(({ id, checksum }) => ({ id, checksum, phase }));
}

/** Applies what is pending of a phase. */
export async function applyAll(migrator: Migrator, phase: MigrationPhase = "expand", call = callOf()): Promise<AppliedMigrations> {
  return migrator.apply({ phase, migrations: await pendingOf(migrator, phase), release }, call);
}

export function idsOf({ applied }: AppliedMigrations): readonly string[] {
  return applied.map(({ id }) => id);
}

/** Rejects with an error of the catalogue that no second try would mend, and that names the migration. */
export async function refuses(work: Promise<unknown>, migration: string): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
    assert.equal(error.retryable, false, `${error.code} says that trying again may help`);
    assert.ok(error.message.includes(migration), `"${error.message}" does not name ${migration}`);
    return true;
  });
}
