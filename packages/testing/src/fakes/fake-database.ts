import { digestOf, type MigrationPhase, type SchemaCompatibility } from "@fairlead/core";

/** A migration in a pretended folder. */
export interface FakeMigration {
  readonly id: string;
  /** Default `expand`. */
  readonly phase?: MigrationPhase;
  /** What it does; recorded when it has taken effect. Default: its id. */
  readonly text?: string;
  /** Default: `irreversible` for `contract`, else `code-only`. */
  readonly compatibility?: SchemaCompatibility;
  /** `fails`: every time. `hangs`: until its call is aborted. Neither leaves anything behind. */
  readonly ends?: "fails" | "hangs";
}

/** A migration that took effect. */
export interface FakeMigrationEffect {
  readonly migration: string;
  readonly text: string;
  readonly deploymentId: string;
  readonly release: string;
}

/** A pretended database with the folder of its migrations. Several fake migrators on one are like several processes. */
export interface FakeDatabase {
  /** Everything that took effect, in order. */
  readonly effects: readonly FakeMigrationEffect[];
  /** Puts migrations into the folder; one whose id is there already replaces it. */
  write(...migrations: readonly FakeMigration[]): void;
  /** Takes one out of the folder. What it did stays. */
  remove(id: string): void;
}

/** A migration with every default filled in. */
export interface FakeFile extends Required<Omit<FakeMigration, "ends">> {
  readonly checksum: string;
  readonly ends: FakeMigration["ends"];
}

/** What fake migrators work with; not for tests of whatever drives them. */
export interface FakeSchema extends FakeDatabase {
  /** The folder, by id. */
  readonly files: () => readonly FakeFile[];
  /** Checksums of what was applied, by id. */
  readonly ledger: Map<string, string>;
  readonly record: (effect: FakeMigrationEffect) => void;
  /** Waits its turn: `work` of one migrator at a time. */
  readonly alone: <Result>(signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>;
}

const schemas = new WeakMap<FakeDatabase, FakeSchema>();

/** Makes an empty database with an empty folder. */
export function createFakeDatabase(): FakeDatabase {
  const effects: FakeMigrationEffect[] = [];
  const files = new Map<string, FakeFile>();
  let turn = Promise.resolve();
  const database: FakeDatabase = {
    get effects() {
      return [...effects];
    },
    write(...migrations) {
      for (const migration of migrations) files.set(migration.id, toFile(migration));
    },
    remove(id) {
      files.delete(id);
    },
  };
  schemas.set(database, {
    ...database,
    files: () => [...files.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
    ledger: new Map(),
    record: (effect) => void effects.push(effect),
    async alone(signal, work) {
      const before = turn;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      turn = promise.then(() => before);
      try {
        await Promise.race([before, abortOf(signal)]);
        signal.throwIfAborted();
        return await work();
      } finally {
        resolve(undefined);
      }
    },
  });
  return Object.freeze(database);
}

/** What lies behind a database. */
export function schemaOf(database: FakeDatabase): FakeSchema | undefined {
  return schemas.get(database);
}

/** Resolves when the signal aborts. */
export function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      resolve();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function toFile({ id, phase = "expand", text = id, compatibility, ends }: FakeMigration): FakeFile {
  const complete = { id, phase, text, compatibility: compatibility ?? (phase === "contract" ? "irreversible" : "code-only"), ends };
  return { ...complete, checksum: digestOf(complete) };
}
