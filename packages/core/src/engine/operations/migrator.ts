import type { Migrator } from "../../contract/migrator.js";
import type { MigrationPhase, MigrationReference } from "../../contract/release.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { OperationContext, OperationHandler } from "../operation.js";

/** Proves that the pending migrations can run. */
export const migratorVerify: OperationHandler = {
  async run(context) {
    const migrator = await migratorOf(context);
    const findings = await migrator.verify(context.call);
    for (const { severity, migration, message, hint } of findings) {
      if (severity === "warning") context.call.log.warn(`${migration}: ${message} ${hint}`);
    }
    const errors = findings.filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
      throw fail(coreErrors, "MIGRATIONS_NOT_SAFE", {
        findings: errors.map(({ migration, message, hint }) => ({ migration, message, hint })),
      });
    }
    return { findings: findings.length };
  },
  observe: () => Promise.resolve({ status: "absent" }),
};

/** Applies migrations. Data is never taken back: what was applied stays, and code that ran before works with it. */
export const migratorApply: OperationHandler = {
  async run(context) {
    const migrator = await migratorOf(context);
    const { applied } = await migrator.apply(
      { phase: context.input["phase"] as MigrationPhase, migrations: migrationsOf(context), release: context.plan.release.id },
      context.call,
    );
    return { applied: applied.map(({ id, duration }) => ({ id, duration })) };
  },

  async observe(context) {
    const migrator = await migratorOf(context);
    const { pending } = await migrator.plan(context.call);
    const open = new Set(pending.map(({ id }) => id));
    const left = migrationsOf(context).filter(({ id }) => open.has(id));
    return left.length === 0 ? { status: "applied", output: { applied: [] } } : { status: "absent" };
  },
};

async function migratorOf({ step, capabilities }: OperationContext): Promise<Migrator> {
  if (step.provider === undefined) throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return capabilities.get(step.provider, "migrator");
}

function migrationsOf({ input }: OperationContext): readonly MigrationReference[] {
  const migrations = input["migrations"];
  return Array.isArray(migrations) ? (migrations as readonly MigrationReference[]) : [];
}
