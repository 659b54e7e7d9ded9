import * as fc from "fast-check";
import type { QueuePolicy } from "../../src/config/environment-options.js";
import type { MigrationPhase } from "../../src/contract/release.js";
import type { SchemaCompatibility } from "../../src/contract/migrator.js";
import type { Stage, StepDefinition } from "../../src/contract/step.js";
import { settleTime, type ActFault, type AskFault } from "./outside.js";
import type { CommitFault } from "./process.js";

/** An own step of the plan. */
export interface OwnStep {
  readonly stage: Stage;
  readonly idempotency: StepDefinition["idempotency"];
  readonly reversibility: StepDefinition["reversibility"];
  readonly effect: boolean;
}

/** What is deployed, and how. */
export interface Setting {
  /** Whether each component comes after the one before it, or all go at once. */
  readonly components: { readonly count: number; readonly inOrder: boolean };
  readonly steps: readonly OwnStep[];
  readonly migrations: readonly { readonly phase: MigrationPhase; readonly compatibility: SchemaCompatibility }[];
  readonly queue: QueuePolicy;
  readonly approvals: null | { readonly before: "start" | "promote"; readonly required: number };
  readonly bake: boolean;
  /** Releases that are not well, before they serve or when they do. */
  readonly ill: readonly { readonly release: number; readonly when: "before" | "serving" }[];
}

export const commands = [
  "abort",
  "pause",
  "resume",
  "advance",
  "advanceAll",
  "approve",
  "reject",
  "takeBack",
  "retry",
  "abandon",
  "release",
] as const;

/** What somebody does, or what happens to a process. `to` and `release` count from 0, the newest deployment first. */
export type Deed =
  | { readonly do: "deploy"; readonly release: number; readonly key: number | null }
  | { readonly do: "rollback" | "freeze" | "unfreeze" | "work" | "recover" | "plan" }
  | { readonly do: "command"; readonly command: (typeof commands)[number]; readonly to: number; readonly person: number }
  | { readonly do: "kill"; readonly proven: boolean }
  | { readonly do: "suspend" | "cut" | "set-clock"; readonly milliseconds: number }
  | { readonly do: "fail-commit"; readonly fault: CommitFault };

/** One line of a script: after so many milliseconds a process does something, or something happens to it. A process that has died is started anew first. */
export type Line = Deed & { readonly after: number; readonly process: number };

export interface Script {
  readonly setting: Setting;
  readonly acts: readonly ActFault[];
  readonly asks: readonly AskFault[];
  readonly lines: readonly Line[];
}

const ownStep: fc.Arbitrary<OwnStep> = fc.record({
  stage: fc.constantFrom<Stage>("provision", "expand", "promote", "finalize"),
  idempotency: fc.constantFrom("keyed", "natural", "none"),
  reversibility: fc.constantFrom("undo", "undo", "leave", "irreversible"),
  effect: fc.constantFrom(true, true, true, false),
});

/** What may be deployed, and how. */
export const settings: fc.Arbitrary<Setting> = fc.record({
  components: fc.record({ count: fc.integer({ min: 1, max: 3 }), inOrder: fc.boolean() }),
  steps: fc.array(ownStep, { maxLength: 3 }),
  migrations: fc.array(
    fc.record({
      phase: fc.constantFrom<MigrationPhase>("expand", "backfill", "contract"),
      compatibility: fc.constantFrom<SchemaCompatibility>("code-only", "code-only", "irreversible"),
    }),
    { maxLength: 2 },
  ),
  queue: fc.constantFrom<QueuePolicy>("reject", "queue", "supersede", "preempt"),
  approvals: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ before: fc.constantFrom("start", "promote"), required: fc.integer({ min: 1, max: 2 }) }) },
  ),
  bake: fc.boolean(),
  ill: fc.array(fc.record({ release: fc.nat(3), when: fc.constantFrom("before", "serving") }), { maxLength: 1 }),
});

const calm: fc.Arbitrary<ActFault> = fc.record({ kind: fc.constant("slow"), milliseconds: fc.constantFrom(0, 10, 200, 600, 900) });

const actFault: fc.Arbitrary<ActFault> = fc.oneof(
  { weight: 10, arbitrary: calm },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("slow"), milliseconds: fc.constantFrom(1_900, 2_500) }) },
  { weight: 1, arbitrary: fc.constant<ActFault>({ kind: "refused" }) },
  { weight: 2, arbitrary: fc.constantFrom<ActFault>({ kind: "unwell" }, { kind: "lost" }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("late"), milliseconds: fc.integer({ min: 0, max: settleTime - 500 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("silent"), milliseconds: fc.option(fc.integer({ min: 0, max: settleTime - 500 })) }),
  },
);

const askFault: fc.Arbitrary<AskFault> = fc.oneof(
  { weight: 30, arbitrary: fc.constant<AskFault>("none") },
  { weight: 2, arbitrary: fc.constant<AskFault>("unwell") },
  { weight: 1, arbitrary: fc.constantFrom<AskFault>("silent", "refused") },
);

const deploy = fc.record({ do: fc.constant("deploy" as const), release: fc.nat(3), key: fc.option(fc.nat(1), { freq: 2 }) });

const deedsWith = (jumps: readonly number[]): fc.Arbitrary<Deed> =>
  fc.oneof(
    { weight: 8, arbitrary: deploy },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant("command"), command: fc.constantFrom(...commands), to: fc.nat(2), person: fc.nat(2) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("kill"), proven: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom("suspend", "cut"), milliseconds: fc.constantFrom(500, 5_000, 20_000, 40_000) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("fail-commit"), fault: commitFault() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("set-clock"), milliseconds: fc.constantFrom(...jumps) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("work", "work", "recover", "rollback", "freeze", "unfreeze", "plan") }) },
  );

function commitFault(): fc.Arbitrary<CommitFault> {
  return fc.oneof(
    fc.constantFrom<CommitFault>({ kind: "refused" }, { kind: "unheard" }),
    fc.record({ kind: fc.constant("slow"), milliseconds: fc.constantFrom(300, 3_000, 20_000) }),
  );
}

const lineOf = (what: fc.Arbitrary<Deed>): fc.Arbitrary<Line> =>
  fc
    .tuple(what, fc.constantFrom(0, 1, 50, 250, 300, 700, 1_000, 4_000, 17_000), fc.nat(2))
    .map(([done, after, process]) => ({ ...done, after, process }));

/** Scripts in which clocks of processes jump by so many milliseconds. */
export function scriptsWith(jumps: readonly number[]): fc.Arbitrary<Script> {
  const rest = fc.array(lineOf(deedsWith(jumps)), { maxLength: 13 });
  return fc.record({
    setting: settings,
    acts: fc.array(actFault, { maxLength: 30 }),
    asks: fc.array(askFault, { maxLength: 30 }),
    lines: fc.tuple(lineOf(deploy), rest).map(([first, others]) => [first, ...others]),
  });
}

/** Clocks of machines that are kept in step with one another. */
export const scripts = scriptsWith([-400, 400]);
