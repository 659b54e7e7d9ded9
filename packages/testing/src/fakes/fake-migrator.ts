import {
  defineErrors,
  error,
  fail,
  systemClock,
  toMilliseconds,
  type Clock,
  type DeploymentCall,
  type Duration,
  type MigrationFinding,
  type MigrationPlan,
  type MigrationReference,
  type Migrator,
  type SchemaCompatibility,
} from "@fairlead/core";
import { abortOf, createFakeDatabase, schemaOf, type FakeDatabase, type FakeFile, type FakeSchema } from "./fake-database.js";

/** What fake migrators throw. */
export const fakeMigratorErrors = defineErrors({
  FAKE_MIGRATION_FAILED: error<{ migration: string }>({
    status: 409,
    retryable: false,
    message: ({ migration }) => `The fake migration ${migration} was told to fail.`,
    hint: () => "Write it anew without `ends`.",
  }),
  FAKE_MIGRATION_CHANGED: error<{ migration: string }>({
    status: 409,
    retryable: false,
    message: ({ migration }) => `${migration} is not what was planned.`,
    hint: () => "Plan again.",
  }),
  FAKE_DATABASE_FOREIGN: error({
    status: 500,
    retryable: false,
    message: () => "This is not a database made by `createFakeDatabase`.",
    hint: () => "Make one with `createFakeDatabase()`, or leave it out.",
  }),
});

export interface FakeMigratorOptions {
  /** What it migrates. Default: an empty one of its own. */
  readonly database?: FakeDatabase;
  /** How long each migration takes, on the clock. Default `"1ms"`. */
  readonly takes?: Duration;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A migrator that keeps the contract and migrates nothing, and what it did. */
export interface FakeMigrator extends Migrator {
  readonly database: FakeDatabase;
}

const worstFirst: readonly SchemaCompatibility[] = ["irreversible", "needs-down", "code-only"];

/** Makes a migrator in memory that keeps the contract. `migrator.database` is where migrations are written and their effects are seen. */
export function createFakeMigrator(options: FakeMigratorOptions = {}): FakeMigrator {
  const { database = createFakeDatabase(), clock = systemClock } = options;
  const schema = schemaOf(database);
  if (schema === undefined) throw fail(fakeMigratorErrors, "FAKE_DATABASE_FOREIGN", {});
  const takes = toMilliseconds(options.takes ?? "1ms");

  const run = async (file: FakeFile, release: string, { signal, deploymentId }: DeploymentCall): Promise<void> => {
    await clock.sleep(takes, { signal });
    if (file.ends === "hangs") await abortOf(signal);
    signal.throwIfAborted();
    if (file.ends === "fails") throw fail(fakeMigratorErrors, "FAKE_MIGRATION_FAILED", { migration: file.id });
    schema.ledger.set(file.id, file.checksum);
    schema.record({ migration: file.id, text: file.text, deploymentId, release });
  };

  return {
    database,
    description: "fake migrations",

    async plan({ signal }) {
      signal.throwIfAborted();
      return planOf(schema);
    },

    async verify({ signal }) {
      signal.throwIfAborted();
      const { findings, pending } = planOf(schema);
      const failing = schema.files().filter(({ id, ends }) => ends === "fails" && pending.some((one) => one.id === id));
      return [...findings, ...failing.map(({ id }) => finding(id, "cannot run.", "Write it anew without `ends`."))];
    },

    async apply({ phase, migrations, release }, call) {
      call.signal.throwIfAborted();
      return schema.alone(call.signal, async () => {
        const due = dueFiles(
          schema,
          migrations.filter((one) => one.phase === phase),
        );
        const applied: { id: string; duration: number }[] = [];
        for (const file of due) {
          const begun = clock.now();
          await run(file, release, call);
          applied.push({ id: file.id, duration: clock.now() - begun });
        }
        return { applied };
      });
    },
  };
}

/** What is left to do, in order. */
function dueFiles(schema: FakeSchema, migrations: readonly MigrationReference[]): readonly FakeFile[] {
  const files = schema.files();
  for (const { id, checksum, phase } of migrations) {
    const applied = schema.ledger.get(id);
    const isTheSame =
      applied === undefined
        ? files.some((file) => file.id === id && file.checksum === checksum && file.phase === phase)
        : applied === checksum;
    if (!isTheSame) throw fail(fakeMigratorErrors, "FAKE_MIGRATION_CHANGED", { migration: id });
  }
  return files.filter(({ id }) => !schema.ledger.has(id) && migrations.some((one) => one.id === id));
}

function planOf(schema: FakeSchema): MigrationPlan {
  const files = schema.files();
  const pending = files.filter(({ id }) => !schema.ledger.has(id));
  const edited = files.filter(({ id, checksum }) => schema.ledger.has(id) && schema.ledger.get(id) !== checksum);
  const before = pending.filter(({ phase }) => phase !== "contract");
  return {
    all: files.map(({ id, checksum, phase }) => ({ id, checksum, phase })),
    pending: pending.map(({ id, checksum, phase, compatibility }) => ({ id, checksum, phase, compatibility })),
    ahead: [...schema.ledger.keys()].filter((id) => files.every((file) => file.id !== id)),
    compatibility: worstFirst.find((one) => before.some(({ compatibility }) => compatibility === one)) ?? "code-only",
    findings: edited.map(({ id }) => finding(id, "was edited after it had been applied.", "Put its text back.")),
  };
}

function finding(migration: string, message: string, hint: string): MigrationFinding {
  return { severity: "error", migration, message, hint };
}
