import { fail, type Migrator } from "@fairlead/core";
import { fakeMigratorErrors, type FakeMigrator } from "../../src/fakes/fake-migrator.js";
import type { Deviating } from "./deviations.js";
import type { Shared } from "./fake-subject.js";

type Apply = Migrator["apply"];

/** Whatever was pending when it looked, takes effect once more if another has applied it meanwhile. */
async function applyLate(good: FakeMigrator, { schema }: Shared, ...[input, call]: Parameters<Apply>): ReturnType<Apply> {
  const pending = input.migrations.filter(({ id, phase }) => phase === input.phase && !schema.ledger.has(id));
  await new Promise((resolve) => setTimeout(resolve, 2));
  const { applied } = await good.apply(input, call);
  const twice = pending.filter(({ id }) => applied.every((one) => one.id !== id));
  for (const { id } of twice) {
    const text = schema.files().find((file) => file.id === id)?.text ?? "";
    schema.record({ migration: id, text, deploymentId: call.deploymentId, release: input.release });
  }
  return { applied: [...applied, ...twice.map(({ id }) => ({ id, duration: 0 }))] };
}

const unaborted = { signal: new AbortController().signal };

export const togetherDeviations: Readonly<Record<string, Deviating>> = {
  "looks what is pending and applies it a moment later": {
    deviation: (good, shared) => ({ apply: (input, call) => applyLate(good, shared, input, call) }),
    fails: [
      "of many at once each migration is applied by one, and all succeed",
      "of two processes at once each migration is applied by one, and both succeed",
    ],
  },
  "waits for itself only": {
    deviation: (good, shared) => {
      let own: Promise<unknown> = Promise.resolve();
      return {
        apply: (input, call) => {
          const run = own.then(() => applyLate(good, shared, input, call));
          own = run.catch(() => undefined);
          return run;
        },
      };
    },
    fails: ["of two processes at once each migration is applied by one, and both succeed"],
  },
  "turns away whoever comes second": {
    deviation: (good, { notes }) => ({
      apply: async (input, call) => {
        const [first] = input.migrations;
        if (notes.has("busy")) throw fail(fakeMigratorErrors, "FAKE_MIGRATION_FAILED", { migration: first?.id ?? "" });
        notes.add("busy");
        try {
          return await good.apply(input, call);
        } finally {
          notes.delete("busy");
        }
      },
    }),
    fails: [
      "of many at once each migration is applied by one, and all succeed",
      "of two processes at once each migration is applied by one, and both succeed",
    ],
  },
  "applies after an abort": {
    deviation: (good) => ({
      apply: (input, call) => (call.signal.aborted ? good.apply(input, { ...call, ...unaborted }) : good.apply(input, call)),
    }),
    fails: ["a call that was aborted before it began does nothing"],
  },
  "plans after an abort": {
    deviation: (good) => ({
      plan: (call) => good.plan({ ...call, ...unaborted }),
      verify: (call) => good.verify({ ...call, ...unaborted }),
    }),
    fails: ["a call that was aborted before it began does nothing"],
  },
  "hears no abort while it runs": {
    deviation: (good) => ({
      apply: async (input, call) => {
        call.signal.throwIfAborted();
        return good.apply(input, { ...call, ...unaborted });
      },
    }),
    fails: [
      "an abort ends a migration soon, keeps nothing of it, and the next process goes on",
      "an abort ends the waiting for another process",
    ],
  },
  "keeps what an aborted migration did": {
    deviation: (good, { schema }) => ({
      apply: async (input, call) => {
        try {
          return await good.apply(input, call);
        } catch (error) {
          const [next] = schema.files().filter(({ id, ends }) => ends === "hangs" && !schema.ledger.has(id));
          if (call.signal.aborted && next !== undefined && schema.ledger.size > 0)
            schema.record({ migration: next.id, text: next.text, deploymentId: call.deploymentId, release: input.release });
          throw error;
        }
      },
    }),
    fails: [
      "an abort ends a migration soon, keeps nothing of it, and the next process goes on",
      "an abort ends the waiting for another process",
    ],
  },
  "is locked for ever after an abort": {
    deviation: (good, { notes }) => ({
      apply: async (input, call) => {
        if (notes.has("locked")) await new Promise<never>(() => undefined);
        try {
          return await good.apply(input, call);
        } catch (error) {
          if (call.signal.aborted) notes.add("locked");
          throw error;
        }
      },
    }),
    fails: ["an abort ends a migration soon, keeps nothing of it, and the next process goes on"],
  },
  "waits for another whatever happens": {
    deviation: (good, { schema, notes }) => ({
      apply: async (input, call) => {
        call.signal.throwIfAborted();
        if (notes.has("busy")) await schema.alone(unaborted.signal, async () => undefined);
        notes.add("busy");
        return good.apply(input, call);
      },
    }),
    fails: ["an abort ends the waiting for another process"],
  },
};
