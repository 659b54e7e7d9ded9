import { matrixCases, postgres, requireService } from "@fairlead/test-support";
import type { Fault } from "@fairlead/testing/emulators";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { firstOfEach, type FaultCall } from "./support/fault-calls.ts";
import { expectPromoted, expectSound, expectTakenBack, expectUntouched } from "./support/fault-expectations.ts";
import { pass, type Passage, type Way } from "./support/fault-passage.ts";
import { startFaultStage, type FaultStage } from "./support/fault-stage.ts";
import { lookFromOutside } from "./support/seen-from-outside.ts";
import { createStagePool } from "./support/stage-pool.ts";

/** What can happen to a call: it is never answered; it is refused; it never arrives; it is acted on, and nobody hears of it. */
const kinds = {
  "a hang": { kind: "hang" },
  "a 500": { kind: "status", status: 500 },
  "a reset": { kind: "reset-before" },
  "a lost answer": { kind: "reset-after" },
} as const satisfies Record<string, Fault>;

type Kind = keyof typeof kinds;

interface FaultCase {
  readonly way: Way;
  readonly call: FaultCall;
  readonly kind: Kind;
}

const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const stages = createStagePool(isWhole ? 7 : 3, (index) =>
  startFaultStage({ application: `shop-of-faults-${process.pid}-${index}`, worker: "never" }),
);
/** What each way asks of the provider when nothing goes wrong. */
const calls = postgres.available
  ? await stages.use(async (stage) => {
      const { calls: first } = await pass(stage, "the first release");
      await stage.keep("release 1");
      const { calls: next } = await pass(stage, "the next release");
      await stage.keep("release 2");
      const { calls: back } = await pass(stage, "a release that is taken back");
      return { first, next, back };
    })
  : { first: [], next: [], back: [] };

afterAll(() => stages.stop());
beforeEach((context) => {
  requireService(context, postgres);
});

/** Nothing is done where something is only read: that such an answer is lost is no other fault than that it was never given. */
function kindsAt({ changes }: FaultCall): readonly Kind[] {
  return changes ? ["a hang", "a 500", "a reset", "a lost answer"] : ["a hang", "a 500", "a reset"];
}

function casesOf(way: Way, some: readonly FaultCall[]): readonly FaultCase[] {
  return some.flatMap((call) => kindsAt(call).map((kind) => ({ way, call, kind })));
}

/** At the first call of each kind in each step. A question that is refused and one that does not arrive are asked again alike until there is no time left: one of the two will do. */
function lastingCasesOf(way: Way, some: readonly FaultCall[]): readonly FaultCase[] {
  const cases = casesOf(
    way,
    firstOfEach(some).filter(({ step }) => step !== "after"),
  );
  return cases.filter(({ call, kind }) => call.changes || kind !== "a reset");
}

/** One kind at each call, in turn. */
function inTurn(way: Way, some: readonly FaultCall[]): readonly FaultCase[] {
  return some.map((call, index) => ({ way, call, kind: kindsAt(call)[index % kindsAt(call).length] ?? "a hang" }));
}

function titled(cases: readonly FaultCase[], sample: number, most: number): readonly (readonly [string, FaultCase])[] {
  return matrixCases(cases, { sample, most }).map((one) => {
    const { way, call, kind } = one;
    return [`${way}: ${kind} at ${call.name} ${call.nth} (${call.step})`, one] as const;
  });
}

function faultOf({ call: { match, nth }, kind }: FaultCase): Fault {
  return { ...kinds[kind], match, nth };
}

describe.concurrent("a fault that passes", () => {
  // The calls of the first release are those of the next but for what serves already.
  const cases = [...inTurn("the first release", calls.first), ...casesOf("the next release", calls.next)];

  test.for(titled(cases, 2, 70))("%s", ([, one]) =>
    stages.use(async (stage) => {
      const passage = await pass(stage, one.way, { fault: faultOf(one) });
      expect(["deployment.succeeded", "deployment.rolled-back"]).toContain(passage.end);
      if (passage.end === "deployment.succeeded") expectPromoted(passage);
      else expectTakenBack(passage);
    }),
  );

  test.for(titled(casesOf("a release that is taken back", calls.back), 1, 30))("%s", ([, one]) =>
    stages.use(async (stage) => {
      const passage = await pass(stage, one.way, { fault: faultOf(one) });
      expect(passage.end).toBe("deployment.rolled-back");
      expectTakenBack(passage);
    }),
  );
});

describe.concurrent("a fault that stays on the way there", () => {
  test.for(titled(lastingCasesOf("the next release", calls.next), 1, 30))("%s", ([, one]) =>
    stages.use(async (stage) => {
      const passage = await pass(stage, one.way, { fault: { ...faultOf(one), every: true }, heals: true });
      if (passage.end === "deployment.succeeded") {
        if (one.call.changes || isInItsStep(one, passage)) expectDispensable(one);
        expectPromoted(passage);
      } else if (passage.end === "deployment.rolled-back") expectTakenBack(passage);
      else {
        expect(["deployment.failed", "never begun"]).toContain(passage.end);
        expectUntouched(passage);
      }
    }),
  );
});

describe.concurrent("a fault that stays on the way back", () => {
  const cases = lastingCasesOf("a release that is taken back", calls.back);
  // A provider that cannot even be asked keeps a deployment busy to its last deadline, which is too long for a sample.
  const acts = titled(
    cases.filter(({ call }) => call.changes),
    1,
    Infinity,
  );
  const questions = titled(
    cases.filter(({ call }) => !call.changes),
    0,
    10,
  );

  test.for([...acts, ...questions])("%s", ([, one]) =>
    stages.use(async (stage) => {
      const passage = await pass(stage, one.way, { fault: { ...faultOf(one), every: true } });
      if (passage.end === "deployment.rolled-back") {
        expectDispensable(one);
        expectTakenBack(passage);
        return;
      }
      expectSound(passage);
      expectAsked(passage);
      await expectStatus(stage, passage);

      await stage.world.vercel.clearFaults();
      const retry = await stage.run(["retry", "production"]);
      const left = await lookFromOutside(stage.world);
      expectTakenBack({ ...passage, ...retry, left, samples: [...passage.samples, ...retry.samples] });
    }),
  );
});

/** What is acted on each time may be found to be true; and a page that nobody gets to see contradicts nothing: what the domains point to is asked of the provider. */
function expectDispensable({ kind, call }: FaultCase): void {
  expect(kind === "a lost answer" || call.match.host !== undefined).toBe(true);
}

/** How often it is asked until something is ready is a matter of time: what was the last question of a step may come behind it, or not at all. */
function isInItsStep({ call: { name, nth, step } }: FaultCase, { calls: made }: Passage): boolean {
  return made.some((call) => call.name === name && call.nth === nth && call.step === step);
}

type EventOf<Type> = Extract<Passage["events"][number], { type: Type }>;

function attentionIn({ events }: Passage): EventOf<"attention.requested"> {
  const event = events.at(-1);
  if (event?.type !== "attention.requested") throw new Error(`no attention was asked for: ${event?.type ?? "nothing happened"}`);
  return event;
}

/** The time that a step is given to come to rest, and then to be asked about; and the time in which is found out what serves. */
const settling = 500 + 15_000;
const asking = 5_000;
/** Timers are late on a machine that has much to do. */
const lateness = 20_000;

/** It says in time who did what, what serves, and what can be done. */
function expectAsked(passage: Passage): void {
  expect(passage.exitCode).toBe(10);
  const { at, data } = attentionIn(passage);
  const undone = passage.events.filter(
    (event): event is EventOf<"step.started"> => event.type === "step.started" && event.data.direction === "undo",
  );
  const deadline = Math.max(...undone.map((event) => event.data.deadline)) + settling + asking + lateness;
  expect(Date.parse(at)).toBeLessThanOrEqual(deadline);
  expect(data.options).toEqual(expect.arrayContaining(["retry", "abandon"]));
  expect(data.errors.length).toBeGreaterThan(0);
  for (const { step, provider, error } of data.errors) {
    expect(["web.promote", "web.prepare"]).toContain(step);
    expect(provider).toBe("vercel");
    expect(error.message).not.toBe("");
  }
  const [web] = data.serving;
  expect(web?.component).toBe("web");
  if (web?.candidate === null) expect(web).toMatchObject({ known: false, note: expect.any(String) as string });
  else expect(web?.candidate).toBe(passage.left.production);
}

/** What `status --json` says, as far as it is looked at. */
interface StatusRecord {
  readonly type: string;
  readonly status: { readonly running: object | null };
}

/** `status` says the same, to programs and to people. */
async function expectStatus(stage: FaultStage, passage: Passage): Promise<void> {
  const { data, deploymentId } = attentionIn(passage);
  const lines = (await stage.print(["status", "production", "--json"])).split("\n");
  const records = lines.map((line) => {
    const record: StatusRecord = JSON.parse(line);
    return record;
  });
  const record = records.find(({ type }) => type === "status");
  expect(record?.status.running).toMatchObject({ deploymentId, phase: "needs_attention", attention: data });
  const printed = (await stage.print(["status", "production"])).replaceAll(/\s+/g, " ");
  expect(printed).toContain(deploymentId);
  expect(printed).toContain("needs attention");
  for (const { step, provider, error } of data.errors) {
    expect(printed).toContain(step);
    expect(printed).toContain(provider ?? "");
    expect(printed).toContain(error.message.replaceAll(/\s+/g, " "));
  }
}
