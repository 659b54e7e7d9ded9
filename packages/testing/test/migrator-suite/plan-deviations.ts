import { digestOf, type MigrationPlan, type MigrationReference } from "@fairlead/core";
import type { FakeMigrator } from "../../src/fakes/fake-migrator.js";
import type { Deviating } from "./deviations.js";
import type { Deviation } from "./fake-subject.js";

/** Plans what the good one plans, changed. */
function planning(change: (plan: MigrationPlan, good: FakeMigrator) => MigrationPlan | Promise<MigrationPlan>): Deviation {
  return (good) => ({ plan: async (call) => change(await good.plan(call), good) });
}

export const planDeviations: Readonly<Record<string, Deviating>> = {
  "says nothing about itself": { deviation: () => ({ description: "" }), fails: ["it says what it is"] },
  "plans the last first": {
    deviation: planning((plan) => ({ ...plan, all: plan.all.toReversed(), pending: plan.pending.toReversed() })),
    fails: [
      "code of the release before survives what expands, and not what contracts",
      "one that fails keeps those before it, nothing of itself, and is named",
      "only what is named is applied",
      "what is pending is named in order, with its phase and its checksum",
    ],
  },
  "leaves out of the release what was applied": {
    deviation: planning(({ pending, ...plan }) => ({
      ...plan,
      pending,
      all: pending.map(({ id, checksum, phase }) => ({ id, checksum, phase })),
    })),
    fails: [
      "what the database has seen and the folder lacks is ahead, and no error",
      "what was applied is pending no more, for no process, and belongs to the release still",
    ],
  },
  "calls everything expanding": {
    deviation: planning((plan) => ({
      ...plan,
      all: plan.all.map((one) => ({ ...one, phase: "expand" })),
      pending: plan.pending.map((one) => ({ ...one, phase: "expand" })),
    })),
    fails: [
      "only the phase that is asked for is applied",
      "what can run has no error",
      "what is pending is named in order, with its phase and its checksum",
    ],
  },
  "has checksums of its own kind": {
    deviation: planning((plan) => ({
      ...plan,
      all: plan.all.map((one) => ({ ...one, checksum: one.checksum.slice("sha256:".length) })),
    })),
    fails: ["what is pending is named in order, with its phase and its checksum"],
  },
  "makes checksums of names": {
    deviation: (good) => ({
      plan: async (call) => {
        const plan = await good.plan(call);
        const named = <One extends { readonly id: string }>(one: One): One => ({ ...one, checksum: digestOf(one.id) });
        return { ...plan, all: plan.all.map(named), pending: plan.pending.map(named), findings: [] };
      },
      apply: async (input, call) => {
        const { all } = await good.plan(call);
        const migrations = input.migrations.map((one) => ({ ...one, ...all.find(({ id }) => id === one.id) }));
        return good.apply({ ...input, migrations }, call);
      },
    }),
    fails: [
      "a checksum stands for the text",
      "what is not what was approved is refused, and nothing is applied",
      "what was applied need not be there any more, if it is what was applied",
      "what was edited after it was applied is an error that names it",
    ],
  },
  "salts its checksums": {
    deviation: (good) => {
      const salt = String(Math.random());
      const salted = <One extends { readonly checksum: string }>(one: One): One => ({ ...one, checksum: digestOf(one.checksum + salt) });
      return {
        plan: async (call) => {
          const plan = await good.plan(call);
          return { ...plan, all: plan.all.map(salted), pending: plan.pending.map(salted) };
        },
        apply: async (input, call) => {
          const { all } = await good.plan(call);
          const plain = (one: MigrationReference): MigrationReference =>
            all.find((other) => salted(other).checksum === one.checksum) ?? one;
          return good.apply({ ...input, migrations: input.migrations.map(plain) }, call);
        },
      };
    },
    fails: [
      "of two processes at once each migration is applied by one, and both succeed",
      "planning changes nothing, and another process plans the same",
      "what was applied is not applied again, by no process",
      "what was applied is pending no more, for no process, and belongs to the release still",
      "what was applied need not be there any more, if it is what was applied",
    ],
  },
  "applies while it plans": {
    deviation: (good, { schema }) => ({
      plan: async (call) => {
        const plan = await good.plan(call);
        const [first] = plan.pending;
        if (first !== undefined && schema.files().every(({ ends }) => ends !== "hangs"))
          await good
            .apply(
              { phase: first.phase, migrations: [first], release: "rel_planned" },
              { ...call, environment: "production", deploymentId: "dep_planned", idempotencyKey: "planned" },
            )
            .catch(() => undefined);
        return plan;
      },
    }),
    fails: [
      "a call that was aborted before it began does nothing",
      "migrations are applied in order, and it is said which",
      "of many at once each migration is applied by one, and all succeed",
      "of two processes at once each migration is applied by one, and both succeed",
      "only the phase that is asked for is applied",
      "only what is named is applied",
      "planning changes nothing, and another process plans the same",
      "verifying changes nothing",
      "what is not there and was never applied is refused",
      "what is not what was approved is refused, and nothing is applied",
    ],
  },
  "believes that code survives a contraction": {
    deviation: planning((plan) => ({ ...plan, pending: plan.pending.map((one) => ({ ...one, compatibility: "code-only" })) })),
    fails: ["code of the release before survives what expands, and not what contracts"],
  },
  "counts what contracts before it runs": {
    deviation: planning((plan) => ({
      ...plan,
      compatibility: plan.pending.some(({ phase }) => phase === "contract") ? "irreversible" : plan.compatibility,
    })),
    fails: ["code of the release before survives what expands, and not what contracts"],
  },
  "believes that nothing can be put back": {
    deviation: planning((plan) => ({ ...plan, compatibility: "irreversible" })),
    fails: [
      "code of the release before survives what expands, and not what contracts",
      "where there are no migrations, there is nothing to do",
    ],
  },
  "forgets what another process applied": {
    deviation: (good) => {
      const own = new Set<string>();
      return {
        plan: async (call) => {
          const plan = await good.plan(call);
          const forgotten = plan.all.filter(({ id }) => !own.has(id) && plan.pending.every((one) => one.id !== id));
          return { ...plan, pending: [...plan.pending, ...forgotten.map((one) => ({ ...one, compatibility: "code-only" as const }))] };
        },
        apply: async (input, call) => {
          const result = await good.apply(input, call);
          for (const { id } of result.applied) own.add(id);
          return result;
        },
      };
    },
    fails: [
      "an abort ends a migration soon, keeps nothing of it, and the next process goes on",
      "one that fails keeps those before it, nothing of itself, and is named",
      "what was applied is pending no more, for no process, and belongs to the release still",
    ],
  },
  "overlooks edits": {
    deviation: planning((plan) => ({ ...plan, findings: [] })),
    fails: ["what was edited after it was applied is an error that names it"],
  },
  "warns of edits only": {
    deviation: planning((plan) => ({ ...plan, findings: plan.findings.map((one) => ({ ...one, severity: "warning" })) })),
    fails: ["what was edited after it was applied is an error that names it"],
  },
  "finds fault without saying what to do": {
    deviation: planning((plan) => ({ ...plan, findings: plan.findings.map((one) => ({ ...one, hint: "" })) })),
    fails: ["what was edited after it was applied is an error that names it"],
  },
  "overlooks what it is behind of": {
    deviation: planning((plan) => ({ ...plan, ahead: [] })),
    fails: ["what the database has seen and the folder lacks is ahead, and no error"],
  },
  "refuses to be behind": {
    deviation: planning((plan) => ({
      ...plan,
      findings: [
        ...plan.findings,
        ...plan.ahead.map((migration) => ({ severity: "error" as const, migration, message: "is missing.", hint: "Put it back." })),
      ],
    })),
    fails: ["what the database has seen and the folder lacks is ahead, and no error"],
  },
  "finds fault with everything": {
    deviation: planning((plan) => ({
      ...plan,
      findings: plan.all.map(({ id }) => ({ severity: "warning", migration: id, message: "looks odd.", hint: "Look at it." })),
    })),
    fails: [
      "one that failed can be mended, and the others go on from there",
      "what was applied is pending no more, for no process, and belongs to the release still",
      "what was edited after it was applied is an error that names it",
    ],
  },
};
