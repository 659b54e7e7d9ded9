import { hasEnded, isWaiting, stepsOf, transition } from "../../src/machine/index.js";
import type { Plan } from "../../src/contract/plan.js";
import { firstWorld, keyOf, movesOf, Violation, type Limits, type World } from "./world.js";

/** A world by its number: from which it was first reached, and how. */
interface Visit {
  readonly from: number;
  readonly by: string;
  readonly isAtRest: boolean;
  /** Worlds from which it can be reached by itself. */
  readonly before: number[];
}

export interface Explored {
  readonly worlds: number;
  readonly moves: number;
  /** Phases in which it can come to rest. */
  readonly ends: readonly string[];
}

/** Visits every reachable world; checks each, and that from each an end can be reached without anybody's help. Throws the first violation, with a shortest way to it. */
export function explore(plan: Plan, limits: Limits): Explored {
  const numbers = new Map<string, number>();
  const visits: Visit[] = [];
  const ends = new Set<string>();
  const visit = (world: World, from: number, by: string): number => {
    numbers.set(keyOf(world), visits.length);
    visits.push({ from, by, isAtRest: isAtRest(world), before: [] });
    if (isAtRest(world)) ends.add(world.state.phase);
    return visits.length - 1;
  };
  let moves = 0;
  const first = firstWorld(plan, limits);
  let wave: (readonly [number, World])[] = [[visit(first, -1, ""), first]];
  while (wave.length > 0) {
    const next: (readonly [number, World])[] = [];
    for (const [from, reached] of wave) {
      for (const { name, natural, world } of movesFrom(reached, () => pathOf(visits, from))) {
        moves += 1;
        const known = numbers.get(keyOf(world));
        const to = known ?? visit(world, from, name);
        if (natural) visits[to]?.before.push(from);
        if (known === undefined) next.push([to, world]);
      }
    }
    wave = next;
  }
  requireNoneStuck(visits);
  return { worlds: visits.length, moves, ends: [...ends].sort() };
}

function movesFrom(world: World, path: () => string): ReturnType<typeof movesOf> {
  try {
    check(world);
    return movesOf(world);
  } catch (error) {
    throw new Violation(`${(error as Error).message}, after: ${path()}`);
  }
}

function pathOf(visits: readonly Visit[], number: number): string {
  const names: string[] = [];
  for (let visit = visits[number]; visit !== undefined; visit = visits[visit.from]) names.unshift(visit.by);
  return names.slice(1).join(" → ");
}

/** It has ended, or waits for a person. */
function isAtRest({ state }: World): boolean {
  return hasEnded(state.phase) || state.phase === "needs_attention" || waitsForWord(state);
}

function waitsForWord({ steps, phase }: World["state"]): boolean {
  return phase === "running" && Object.values(steps).some(({ forward }) => forward.status === "deferred" && forward.until === null);
}

function check({ state, applied, calls, now, isClaimed }: World): void {
  const steps = stepsOf(state.plan).filter(({ effect }) => effect);
  const undoable = steps.filter(({ reversibility }) => reversibility === "undo").map(({ id }) => id);
  if (state.phase === "succeeded" && steps.some(({ id }) => !applied.includes(id))) throw new Violation("it succeeded with a step missing");
  if (state.phase === "rolled_back" && undoable.some((id) => applied.includes(id)))
    throw new Violation("it was taken back and effects remain");
  const isUntouched = state.phase !== "abandoned" && hasEnded(state.phase) && state.phase !== "succeeded" && state.phase !== "rolled_back";
  if (isUntouched && applied.length > 0) throw new Violation(`it ${state.phase} with effects`);
  if (hasEnded(state.phase) && calls.some(({ step, landed, over }) => !landed && over > now && steps.some(({ id }) => id === step)))
    throw new Violation("it ended while something could still take effect");
  if (isWaiting(state.phase) && (isClaimed || state.intents.length > 0)) throw new Violation(`it is ${state.phase} and holds the claim`);
  if (!isWaiting(state.phase) && !hasEnded(state.phase) && !isClaimed) throw new Violation(`it is ${state.phase} without the claim`);
  if (hasEnded(state.phase)) requireAbsorbing(state);
}

function requireAbsorbing(state: World["state"]): void {
  const wish = { actor: { name: "ada", via: "cli" }, reason: null } as const;
  for (const type of ["abort.requested", "retry.requested", "rollback.requested", "deployment.paused", "deployment.claimed"] as const) {
    const after = transition(state, { type, at: 0, data: wish } as Parameters<typeof transition>[1]);
    if (after?.state.phase !== state.phase || after.commands.length > 0) throw new Violation(`${type} moved what had ended`);
  }
}

function requireNoneStuck(visits: readonly Visit[]): void {
  const good = new Set<number>();
  const queue = visits.flatMap(({ isAtRest: rests }, number) => (rests ? [number] : []));
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    if (good.has(number)) continue;
    good.add(number);
    queue.push(...(visits[number]?.before ?? []));
  }
  const stuck = visits.findIndex((_, number) => !good.has(number));
  if (stuck !== -1) throw new Violation(`nothing leads on from: ${pathOf(visits, stuck)}`);
}
