import { fail, isFairleadError, type MigrationReference, type Migrator } from "@fairlead/core";
import { fakeMigratorErrors, type FakeMigrator } from "../../src/fakes/fake-migrator.js";
import type { Deviating } from "./deviations.js";
import type { Deviation } from "./fake-subject.js";

type Apply = Migrator["apply"];

/** Applies what the good one would be asked for, changed. */
function asking(
  change: (input: Parameters<Apply>[0], good: FakeMigrator) => Parameters<Apply>[0] | Promise<Parameters<Apply>[0]>,
): Deviation {
  return (good) => ({ apply: async (input, call) => good.apply(await change(input, good), call) });
}

/** The migration that failed, if that is what the error says. */
function failedOf(error: unknown): string | undefined {
  if (!isFairleadError(error) || error.code !== "FAKE_MIGRATION_FAILED") return undefined;
  const { migration } = error.data;
  return typeof migration === "string" ? migration : undefined;
}

export const applyDeviations: Readonly<Record<string, Deviating>> = {
  "applies nothing": {
    deviation: () => ({ apply: async ({ migrations: _ }, { signal }) => (signal.throwIfAborted(), { applied: [] }) }),
    fails: [
      "an abort ends a migration soon, keeps nothing of it, and the next process goes on",
      "an abort ends the waiting for another process",
      "migrations are applied in order, and it is said which",
      "of many at once each migration is applied by one, and all succeed",
      "of two processes at once each migration is applied by one, and both succeed",
      "one that failed can be mended, and the others go on from there",
      "one that fails keeps those before it, nothing of itself, and is named",
      "only the phase that is asked for is applied",
      "only what is named is applied",
      "what a plan finds wrong, verifying finds wrong",
      "what is not there and was never applied is refused",
      "what is not what was approved is refused, and nothing is applied",
      "what the database has seen and the folder lacks is ahead, and no error",
      "what was applied is not applied again, by no process",
      "what was applied is pending no more, for no process, and belongs to the release still",
      "what was applied need not be there any more, if it is what was applied",
      "what was edited after it was applied is an error that names it",
    ],
  },
  "applies as it is told, in any order": {
    deviation: (good) => ({
      apply: async (input, call) => {
        const applied = [];
        for (const one of input.migrations) applied.push(...(await good.apply({ ...input, migrations: [one] }, call)).applied);
        return { applied };
      },
    }),
    fails: [
      "migrations are applied in order, and it is said which",
      "what is not there and was never applied is refused",
      "what is not what was approved is refused, and nothing is applied",
    ],
  },
  "says that it applied all that it was told": {
    deviation: (good) => ({
      apply: async (input, call) => {
        const { applied } = await good.apply(input, call);
        const durations = new Map(applied.map(({ id, duration }) => [id, duration]));
        const due = input.migrations.filter(({ phase }) => phase === input.phase);
        return {
          applied: due.map(({ id }) => ({ id, duration: durations.get(id) ?? 0 })).sort((one, other) => (one.id < other.id ? -1 : 1)),
        };
      },
    }),
    fails: [
      "of many at once each migration is applied by one, and all succeed",
      "of two processes at once each migration is applied by one, and both succeed",
      "what was applied is not applied again, by no process",
      "what was applied need not be there any more, if it is what was applied",
    ],
  },
  "does not know how long it took": {
    deviation: (good) => ({
      apply: async (input, call) => ({ applied: (await good.apply(input, call)).applied.map((one) => ({ ...one, duration: Number.NaN })) }),
    }),
    fails: ["migrations are applied in order, and it is said which"],
  },
  "applies everything again": {
    deviation: (good, { schema }) => ({
      apply: async (input, call) => {
        for (const { id, checksum, phase } of input.migrations) {
          if (phase === input.phase && schema.ledger.get(id) === checksum && schema.files().some((file) => file.id === id))
            schema.ledger.delete(id);
        }
        return good.apply(input, call);
      },
    }),
    fails: ["what was applied is not applied again, by no process"],
  },
  "wants something to do": {
    deviation: (good) => ({
      apply: async (input, call) => {
        const [first] = input.migrations;
        if (first === undefined) throw fail(fakeMigratorErrors, "FAKE_MIGRATION_CHANGED", { migration: "nothing" });
        return good.apply(input, call);
      },
    }),
    fails: ["nothing to apply is fine"],
  },
  "applies every phase at once": {
    deviation: (good) => ({
      apply: async (input, call) => {
        const applied = [];
        for (const phase of ["expand", "backfill", "contract"] as const)
          applied.push(...(await good.apply({ ...input, phase }, call)).applied);
        return { applied };
      },
    }),
    fails: ["only the phase that is asked for is applied"],
  },
  "applies all that is pending": {
    deviation: (good) => ({
      apply: async (input, call) => {
        const result = await good.apply(input, call);
        const { pending } = await good.plan(call);
        const rest = await good.apply({ ...input, migrations: pending }, call);
        return { applied: [...result.applied, ...rest.applied] };
      },
    }),
    fails: ["nothing to apply is fine", "only what is named is applied"],
  },
  "applies what is there now, whatever was approved": {
    deviation: asking(async (input, good) => {
      const { all, pending } = await good.plan({ signal: new AbortController().signal, log: silent });
      const now = (one: MigrationReference): MigrationReference =>
        pending.some(({ id }) => id === one.id) ? (all.find(({ id }) => id === one.id) ?? one) : one;
      return { ...input, migrations: input.migrations.map(now) };
    }),
    fails: ["what is not what was approved is refused, and nothing is applied"],
  },
  "applies what it can of what was approved": {
    deviation: (good) => ({
      apply: async (input, call) => {
        const applied = [];
        for (const one of [...input.migrations].sort((a, b) => (a.id < b.id ? -1 : 1)))
          applied.push(...(await good.apply({ ...input, migrations: [one] }, call)).applied);
        return { applied };
      },
    }),
    fails: ["what is not there and was never applied is refused", "what is not what was approved is refused, and nothing is applied"],
  },
  "passes over what is not there": {
    deviation: asking(async (input, good) => {
      const { all } = await good.plan({ signal: new AbortController().signal, log: silent });
      return { ...input, migrations: input.migrations.filter(({ id }) => all.some((one) => one.id === id)) };
    }),
    fails: ["what is not there and was never applied is refused", "what was applied need not be there any more, if it is what was applied"],
  },
  "wants to see what it applied": {
    deviation: (good, { schema }) => ({
      apply: async (input, call) => {
        const missing = input.migrations.find(({ id }) => schema.files().every((file) => file.id !== id));
        if (missing !== undefined) throw fail(fakeMigratorErrors, "FAKE_MIGRATION_CHANGED", { migration: missing.id });
        return good.apply(input, call);
      },
    }),
    fails: ["what was applied need not be there any more, if it is what was applied"],
  },
  "skips what was applied, whatever that was": {
    deviation: (good, { schema }) => ({
      apply: (input, call) => good.apply({ ...input, migrations: input.migrations.filter(({ id }) => !schema.ledger.has(id)) }, call),
    }),
    fails: ["what was applied need not be there any more, if it is what was applied"],
  },
  "keeps what a failed migration did": {
    deviation: (good, { schema }) => ({
      apply: async (input, call) => {
        try {
          return await good.apply(input, call);
        } catch (error) {
          const failed = failedOf(error);
          const text = schema.files().find(({ id }) => id === failed)?.text;
          if (failed !== undefined && text !== undefined)
            schema.record({ migration: failed, text, deploymentId: call.deploymentId, release: input.release });
          throw error;
        }
      },
    }),
    fails: [
      "one that failed can be mended, and the others go on from there",
      "one that fails keeps those before it, nothing of itself, and is named",
    ],
  },
  "takes back everything when one fails": {
    deviation: (good, { schema }) => ({
      apply: async (input, call) => {
        const { findings } = await good.verify(call).then((all) => ({ findings: all }));
        const failing = schema.files().find(({ id, ends }) => ends === "fails" && findings.some(({ migration }) => migration === id));
        if (failing !== undefined && input.migrations.some(({ id }) => id === failing.id))
          throw fail(fakeMigratorErrors, "FAKE_MIGRATION_FAILED", { migration: failing.id });
        return good.apply(input, call);
      },
    }),
    fails: ["one that fails keeps those before it, nothing of itself, and is named"],
  },
  "goes on behind one that failed": {
    deviation: (good) => ({
      apply: async (input, call) => {
        try {
          return await good.apply(input, call);
        } catch (error) {
          const failed = failedOf(error);
          if (failed !== undefined) await good.apply({ ...input, migrations: input.migrations.filter(({ id }) => id !== failed) }, call);
          throw error;
        }
      },
    }),
    fails: [
      "one that failed can be mended, and the others go on from there",
      "one that fails keeps those before it, nothing of itself, and is named",
    ],
  },
  "calls one that failed applied": {
    deviation: (good, { schema }) => ({
      apply: async (input, call) => {
        try {
          return await good.apply(input, call);
        } catch (error) {
          const file = schema
            .files()
            .find(({ id }) => isFairleadError(error) && error.code === "FAKE_MIGRATION_FAILED" && id === error.data["migration"]);
          if (file !== undefined) schema.ledger.set(file.id, file.checksum);
          throw error;
        }
      },
    }),
    fails: [
      "one that failed can be mended, and the others go on from there",
      "one that fails keeps those before it, nothing of itself, and is named",
    ],
  },
  "never touches again what failed once": {
    deviation: (good, { notes }) => ({
      apply: async (input, call) => {
        const [known] = notes;
        if (known !== undefined) throw fail(fakeMigratorErrors, "FAKE_MIGRATION_FAILED", { migration: known });
        try {
          return await good.apply(input, call);
        } catch (error) {
          const failed = failedOf(error);
          if (failed !== undefined) notes.add(failed);
          throw error;
        }
      },
    }),
    fails: ["one that failed can be mended, and the others go on from there"],
  },
  "does not say which failed": {
    deviation: (good) => ({
      apply: (input, call) =>
        good.apply(input, call).catch((error: unknown) => {
          throw isFairleadError(error) ? fail(fakeMigratorErrors, "FAKE_MIGRATION_FAILED", { migration: "one of them" }) : error;
        }),
    }),
    fails: [
      "one that failed can be mended, and the others go on from there",
      "one that fails keeps those before it, nothing of itself, and is named",
      "what is not there and was never applied is refused",
      "what is not what was approved is refused, and nothing is applied",
      "what was applied need not be there any more, if it is what was applied",
    ],
  },
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
