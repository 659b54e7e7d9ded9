import { expect, test } from "vitest";
import type { Plan, PlanStep } from "../../src/contract/plan.js";
import { hasEnded, stepsOf } from "../../src/machine/index.js";
import { firstWorld, keyOf, movesOf, Violation, type Limits, type World } from "./world.js";

function step(id: string, fields: Partial<PlanStep>): PlanStep {
  return {
    id,
    stage: "provision",
    operation: "test/step@1",
    input: {},
    description: id,
    effect: true,
    idempotency: "keyed",
    reversibility: "undo",
    timeout: 1_000,
    settle: 0,
    attempts: 1,
    ...fields,
  };
}

function planOf(groups: readonly (readonly PlanStep[])[]): Plan {
  return {
    version: 1,
    kind: "deploy",
    application: "shop",
    environment: "production",
    strategy: "direct",
    release: { id: "rel_1", application: "shop", createdAt: "", provenance: {}, artifacts: {}, migrations: [], contentDigest: "" },
    components: [],
    groups: groups.map((steps) => ({ stage: "provision", steps })),
    compatibility: "code-only",
    warnings: [],
    digest: "",
  };
}

interface Visit {
  readonly world: World;
  readonly from: Visit | undefined;
  readonly by: string;
}

function pathOf(visit: Visit): string {
  return visit.from === undefined ? "the beginning" : `${pathOf(visit.from)} → ${visit.by}`;
}

/** Visits every reachable world; checks each, and that an end can be reached from each without help. */
function explore(plan: Plan, limits: Limits): { readonly worlds: number; readonly ends: ReadonlySet<string> } {
  const first = firstWorld(plan, limits);
  const seen = new Map<string, Visit>([[keyOf(first), { world: first, from: undefined, by: "" }]]);
  const before = new Map<string, Set<string>>();
  const ends = new Set<string>();
  const queue = [keyOf(first)];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const visit = seen.get(key);
    if (visit === undefined) continue;
    const { world } = visit;
    try {
      check(world);
      for (const { name, natural, world: next } of movesOf(world)) {
        const nextKey = keyOf(next);
        if (natural) before.set(nextKey, (before.get(nextKey) ?? new Set()).add(key));
        if (seen.has(nextKey)) continue;
        seen.set(nextKey, { world: next, from: visit, by: name });
        queue.push(nextKey);
      }
    } catch (error) {
      throw new Violation(`${(error as Error).message}, after: ${pathOf(visit)}`);
    }
    if (hasEnded(world.state.phase) || world.state.phase === "needs_attention") ends.add(world.state.phase);
  }
  expectNoneStuck(seen, before);
  return { worlds: seen.size, ends };
}

function check({ state, applied, calls }: World): void {
  const steps = stepsOf(state.plan).filter(({ effect }) => effect);
  const undoable = steps.filter(({ reversibility }) => reversibility === "undo").map(({ id }) => id);
  if (state.phase === "succeeded" && steps.some(({ id }) => !applied.includes(id))) throw new Violation("it succeeded with a step missing");
  if (state.phase === "rolled_back" && undoable.some((id) => applied.includes(id)))
    throw new Violation("it was taken back and effects remain");
  if ((state.phase === "failed" || state.phase === "cancelled") && applied.length > 0)
    throw new Violation(`it ${state.phase} with effects`);
  if (hasEnded(state.phase) && calls.some(({ landed }) => !landed)) throw new Violation("it ended while something could still take effect");
}

function expectNoneStuck(seen: ReadonlyMap<string, Visit>, before: ReadonlyMap<string, ReadonlySet<string>>): void {
  const good = new Set<string>();
  const queue = [...seen]
    .filter(([, { world }]) => hasEnded(world.state.phase) || world.state.phase === "needs_attention")
    .map(([key]) => key);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (good.has(key)) continue;
    good.add(key);
    queue.push(...(before.get(key) ?? []));
  }
  const stuck = [...seen].find(([key]) => !good.has(key));
  if (stuck !== undefined) throw new Violation(`nothing leads on from: ${pathOf(stuck[1])}`);
}

const road = planOf([
  [step("preflight", { effect: false, reversibility: "leave" })],
  [step("web.prepare", {}), step("worker.prepare", {})],
  [step("migrations.expand", { reversibility: "leave" })],
  [step("web.promote", {})],
  [step("bake", { effect: false, reversibility: "leave" })],
]);

test("a deployment that is cut off, refused, aborted or left without answers anywhere ends right", () => {
  const { worlds, ends } = explore(road, { crashes: 1, aborts: 1, retries: 0 });
  expect(worlds).toBeGreaterThan(5_000);
  expect([...ends].sort()).toEqual(["cancelled", "failed", "needs_attention", "rolled_back", "succeeded"]);
});

test("two crashes", () => {
  const plan = planOf([[step("a", {})], [step("b", {})]]);
  expect(explore(plan, { crashes: 2, aborts: 1, retries: 1 }).worlds).toBeGreaterThan(1_000);
});

test("after a step that cannot be taken back a failure asks, and trying again goes on", () => {
  const plan = planOf([[step("a", {})], [step("contract", { reversibility: "irreversible" })], [step("b", {})]]);
  const { ends } = explore(plan, { crashes: 1, aborts: 1, retries: 1 });
  expect([...ends].sort()).toEqual(["cancelled", "needs_attention", "rolled_back", "succeeded"]);
});
