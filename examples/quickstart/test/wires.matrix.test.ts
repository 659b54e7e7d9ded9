import type { DeploymentEvent } from "@fairlead/core";
import { docker, matrixCases, postgres, requireService } from "@fairlead/test-support";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { stepAt } from "./support/fault-calls.ts";
import { expectPromoted, expectSound, expectTakenBack } from "./support/fault-expectations.ts";
import type { WireFault, WireFaultKind } from "./support/faulty-wire.ts";
import { createStagePool } from "./support/stage-pool.ts";
import { startWiredScene, type Server, type WiredPassage, type WiredScene, type Workers } from "./support/wired-scene.ts";

/** Something that a deployment says to a server. */
interface Said {
  readonly on: Server;
  /** The step that said it, `before` the first or `after` the last. */
  readonly step: string;
  readonly name: string;
  /** The how-many-th of its name. */
  readonly nth: number;
  /** Whether it asks for something to be done that stays. */
  readonly changes: boolean;
}

interface WireCase {
  readonly said: Said;
  readonly kind: WireFaultKind;
}

const kinds: readonly WireFaultKind[] = ["a hang", "a refusal", "a reset", "a lost answer"];

const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const scenes = createStagePool(isWhole ? 6 : 2, startWiredScene);
/** What is said when nothing goes wrong. */
const all = postgres.available
  ? await scenes.use(async (scene) => {
      const { events, exitCode, problems } = await scene.pass();
      if (exitCode !== 0) throw new Error(problems.join(" "));
      return { database: saidTo("database", scene, events), engine: saidTo("engine", scene, events) };
    })
  : { database: [], engine: [] };

afterAll(() => scenes.stop());
beforeEach((context) => {
  requireService(context, postgres);
});

/** What is said in each step, each once: what is asked again and again stands for itself. */
function saidTo(on: Server, { wires }: WiredScene, events: readonly DeploymentEvent[]): readonly Said[] {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  return wires[on].exchanges().flatMap(({ at, name }): Said[] => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const step = stepAt(events, at);
    if (seen.has(`${step} ${name}`)) return [];
    seen.add(`${step} ${name}`);
    const changes = on === "engine" ? name.startsWith("POST") : step === "migrations.expand" && /^(create|update|commit)/.test(name);
    return [{ on, step, name, nth, changes }];
  });
}

/** Every kind where something is done, and one where something is asked: by its name, so that every run tries the same. */
function passing(some: readonly Said[]): readonly WireCase[] {
  return some.flatMap((said) => (said.changes ? kinds : [kindFor(said)]).map((kind) => ({ said, kind })));
}

function kindFor({ step, name }: Said): WireFaultKind {
  const sum = [...`${step} ${name}`].reduce((before, character) => before + character.charCodeAt(0), 0);
  return kinds[sum % kinds.length] ?? "a hang";
}

/** From the first words of each step on. */
function staying(some: readonly Said[]): readonly WireCase[] {
  const firsts = some.filter(({ step }, index) => step !== "after" && step !== some[index - 1]?.step);
  return firsts.flatMap((said) => (["a hang", "a refusal"] as const).map((kind) => ({ said, kind })));
}

function titled(cases: readonly WireCase[], sample: number, most: number): readonly (readonly [string, WireCase])[] {
  return matrixCases(cases, { sample, most }).map((one) => {
    const { said, kind } = one;
    return [`${kind} at ${said.name} ${said.nth} (${said.step})`, one] as const;
  });
}

function faultOf({ said: { name, nth }, kind }: WireCase): WireFault {
  return { kind, name, nth };
}

describe.concurrent.for(["database", "engine"] as const)("the %s", (on) => {
  beforeEach((context) => {
    if (on === "engine") requireService(context, docker);
  });

  test.for(titled(passing(all[on]), 1, 20))("has a fault that passes: %s", ([, one]) =>
    scenes.use(async (scene) => {
      const passage = await scene.pass({ on, fault: faultOf(one) });
      expectEndedWell(passage);
      await expectNextWorks(scene, passage);
    }),
  );

  test.for(titled(staying(all[on]), 0, 8))("has a fault that stays until the way back begins: %s", ([, one]) =>
    scenes.use(async (scene) => {
      const passage = await scene.pass({ on, fault: { ...faultOf(one), stays: true }, heals: true });
      expectEndedWell(passage);
      expect(passage.end).not.toBe("deployment.succeeded");
      await expectNextWorks(scene, passage);
    }),
  );
});

describe.concurrent("the engine has a fault that stays on the way back", () => {
  beforeEach((context) => {
    requireService(context, docker);
  });
  const cases = staying(all.engine).filter(({ said }) => said.step === "worker.promote");

  test.for(titled(cases, 0, 2))("%s", ([, one]) =>
    scenes.use(async (scene) => {
      const passage = await scene.pass({ on: "engine", fault: { ...faultOf(one), stays: true } });
      expect(passage.end).toBe("attention.requested");
      expectSound(passage);
      const event = passage.events.at(-1);
      const attention = event?.type === "attention.requested" ? event.data : undefined;
      expect(attention?.errors.map(({ provider }) => provider)).toContain("docker");
      expect(attention?.serving.find(({ component }) => component === "web")?.candidate).toBe(passage.left.production);
      const status = (await scene.print(["status", "production"])).join(" ").replaceAll(/\s+/g, " ");
      for (const { step, error } of attention?.errors ?? []) {
        expect(status).toContain(`${step} (docker): ${error.message.replaceAll(/\s+/g, " ")}`);
      }

      const retry = await scene.run(["retry", "production"]);
      const after = { ...passage, ...retry, ...(await scene.look()), samples: [...passage.samples, ...retry.samples] };
      expectTakenBack(after);
      expectWorkers(after.workers, 1);
    }),
  );
});

/** Promoted, taken back, or never touched; and never anything in between. */
function expectEndedWell(passage: WiredPassage): void {
  const { end, workers } = passage;
  if (end === "deployment.succeeded") {
    expectPromoted(passage);
    expectWorkers(workers, 2);
  } else if (end === "deployment.rolled-back") {
    expectTakenBack(passage);
    expectWorkers(workers, 1);
  } else {
    expect(["deployment.failed", "never begun"]).toContain(end);
    expect(passage.exitCode).toBeGreaterThan(0);
    expect(passage.left.serves).toBe("1");
    expect(passage.left.madePerKey).toEqual([]);
    expectSound(passage);
    expectWorkers(workers, 1);
  }
}

/** One works, of the release that production serves; none was made twice, and none is left over. */
function expectWorkers({ hasEngine, running, count, made, production }: Workers, kept: number): void {
  if (!hasEngine) return;
  expect(running).toEqual([production]);
  expect(count).toBe(kept);
  expect(made).toBeLessThanOrEqual(1);
}

/** What was taken back can be deployed as soon as all are well again. */
async function expectNextWorks(scene: WiredScene, { end }: WiredPassage): Promise<void> {
  if (end === "deployment.succeeded") return;
  const { exitCode, problems } = await scene.run(["deploy", "production"]);
  expect(exitCode, problems.join(" ")).toBe(0);
  const { left, workers } = await scene.look();
  expect(left.serves).toBe("2");
  expect(left.database.ledger).toEqual(["0001_products applied", "0002_orders applied"]);
  if (workers.hasEngine) expect(workers.running).toEqual([workers.production]);
}
