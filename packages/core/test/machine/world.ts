import { canonicalJson } from "../../src/json/canonical-json.js";
import type { Json } from "../../src/json/json.js";
import type { Direction } from "../../src/contract/deployment-events.js";
import type { Plan, PlanStep } from "../../src/contract/plan.js";
import { serializeError } from "../../src/errors/fairlead-error.js";
import { hasEnded, stepsOf, transition, type Command, type DeploymentState, type MachineEvent } from "../../src/machine/index.js";

/** A call that is under way at the provider, or that was left behind by its process and may still take effect. */
interface Call {
  readonly step: string;
  readonly direction: Direction;
  readonly attempt: number;
  readonly fence: number;
  readonly landed: boolean;
  /** Nobody waits for its answer any more. */
  readonly left: boolean;
}

/** The deployment, what is true at the provider, and what is under way. */
export interface World {
  readonly state: DeploymentState;
  readonly applied: readonly string[];
  readonly calls: readonly Call[];
  readonly crashes: number;
  readonly aborts: number;
  readonly retries: number;
}

export interface Move {
  readonly name: string;
  readonly world: World;
  /** Happens by itself, without anybody's wish and without a crash. */
  readonly natural: boolean;
}

export interface Limits {
  readonly crashes: number;
  readonly aborts: number;
  readonly retries: number;
}

const someError = serializeError("refused");

export class Violation extends Error {}

export function firstWorld(plan: Plan, limits: Limits): World {
  const created: MachineEvent = {
    type: "deployment.created",
    at: 0,
    data: { deploymentId: "dep_1", kind: plan.kind, plan, key: null, actor: { name: "ada", via: "cli" }, reason: null },
  };
  const begun = transition(undefined, created);
  if (begun === undefined) throw new Violation("a deployment did not begin");
  return started({ state: begun.state, applied: [], calls: [], ...limits }, true);
}

/** Everything that can happen next. */
export function movesOf(world: World): readonly Move[] {
  const { state } = world;
  if (hasEnded(state.phase)) return [];
  return [...commandMoves(world), ...callMoves(world), ...outsideMoves(world)];
}

/** Equal for worlds from which the same can happen. */
export function keyOf({ state, ...rest }: World): string {
  const { version: _version, createdAt: _createdAt, endedAt: _endedAt, plan: _plan, ...kept } = state;
  return canonicalJson({ ...kept, ...rest } as unknown as Json);
}

function commandMoves(world: World): Move[] {
  return commandsOf(world).flatMap((command): Move[] => {
    const natural = true;
    switch (command.type) {
      case "attempt": {
        if (isUnderWay(world, command)) return [];
        return [{ name: `begin ${nameOf(command)}`, natural, world: begun(world, command) }];
      }
      case "observe":
        return isUnderWay(world, command) ? [] : [{ name: `observe ${nameOf(command)}`, natural, world: observed(world, command) }];
      case "record":
        return [{ name: command.event.type, natural, world: append(world, { ...command.event, at: 0 }) }];
      case "ask":
        return [
          {
            name: "ask",
            natural,
            world: append(world, {
              type: "attention.requested",
              at: 0,
              data: { reason: command.reason, errors: command.errors, serving: [], options: command.options },
            }),
          },
        ];
      case "cancel":
        return [];
    }
  });
}

/** A call may take effect, be refused for good, or end without an answer, having taken effect or not, now or a little later. */
function callMoves(world: World): Move[] {
  return world.calls.flatMap((call): Move[] => {
    const moves: Move[] = [];
    if (!call.landed) moves.push({ name: `${nameOf(call)} takes effect`, natural: true, world: landed(world, call) });
    if (call.left || call.fence !== world.state.fence) return moves;
    const about = { step: call.step, direction: call.direction, attempt: call.attempt };
    const without = { ...world, calls: world.calls.filter((other) => other !== call) };
    if (call.landed) {
      moves.push({
        name: `${nameOf(call)} answers`,
        natural: true,
        world: append(without, { type: "step.succeeded", at: 0, data: { ...about, output: null, observed: false } }),
      });
    } else {
      moves.push({
        name: `${nameOf(call)} is refused`,
        natural: true,
        world: append(without, { type: "step.failed", at: 0, data: { ...about, error: someError, again: false } }),
      });
    }
    const left = { ...world, calls: world.calls.map((other) => (other === call ? { ...call, left: true } : other)) };
    const interrupted: MachineEvent = { type: "step.interrupted", at: 0, data: { ...about, error: someError, observeAt: 0 } };
    const isGate = !stepOf(world, call.step).effect;
    if (!isGate) moves.push({ name: `${nameOf(call)} ends without an answer`, natural: true, world: append(left, interrupted) });
    return moves;
  });
}

function outsideMoves(world: World): Move[] {
  const moves: Move[] = [];
  if (world.crashes > 0 && world.state.phase !== "needs_attention") {
    for (const dead of [true, false]) {
      const left = { ...world, crashes: world.crashes - 1, calls: world.calls.map((call) => ({ ...call, left: true })) };
      moves.push({ name: dead ? "crash" : "takeover", natural: false, world: started(left, dead) });
    }
  }
  if (world.aborts > 0 && world.state.phase !== "needs_attention") {
    const event: MachineEvent = { type: "abort.requested", at: 0, data: { actor: { name: "ada", via: "cli" }, reason: null } };
    moves.push({ name: "abort", natural: false, world: append({ ...world, aborts: world.aborts - 1 }, event) });
  }
  if (world.retries > 0 && world.state.phase === "needs_attention") {
    const event: MachineEvent = { type: "retry.requested", at: 0, data: { actor: { name: "ada", via: "cli" }, reason: null } };
    moves.push({ name: "retry", natural: false, world: started(append({ ...world, retries: world.retries - 1 }, event), true) });
  }
  return moves;
}

function begun(
  world: World,
  { step, direction, attempt }: { readonly step: PlanStep; readonly direction: Direction; readonly attempt: number },
): World {
  const { fence } = world.state;
  if (direction === "forward" && world.state.abort !== null) throw new Violation(`${step.id} was begun after the wish to stop`);
  const call: Call = { step: step.id, direction, attempt, fence, landed: false, left: false };
  const event: MachineEvent = { type: "step.started", at: 0, data: { step: step.id, direction, attempt, fence, deadline: 0 } };
  return append({ ...world, calls: [...world.calls, call] }, event);
}

function landed(world: World, call: Call): World {
  const calls = world.calls.map((other) => (other === call ? { ...call, landed: true } : other));
  if (!stepOf(world, call.step).effect) return { ...world, calls };
  const isApplied = world.applied.includes(call.step);
  if (call.direction === "forward") {
    if (isApplied) throw new Violation(`${call.step} took effect twice`);
    return { ...world, calls, applied: [...world.applied, call.step] };
  }
  const intents = world.state.intents;
  const later = intents.slice(intents.indexOf(call.step) + 1).filter((id) => stepOf(world, id).reversibility === "undo");
  const kept = later.filter((id) => world.applied.includes(id) && world.state.steps[id]?.undo.status !== "failed");
  if (kept.length > 0) throw new Violation(`${call.step} was taken back before ${kept.join(", ")}`);
  return { ...world, calls, applied: world.applied.filter((id) => id !== call.step) };
}

/** By the time of the observation nothing lands any more: that is what deadline and settle time promise. */
function observed(world: World, command: Extract<Command, { type: "observe" }>): World {
  const { step, direction, attempt } = command;
  const about = { step: step.id, direction, attempt };
  const settled = { ...world, calls: world.calls.filter((call) => !(call.step === step.id && call.direction === direction)) };
  const isApplied = step.effect && world.applied.includes(step.id);
  const isDone = direction === "forward" ? isApplied : !isApplied;
  return append(
    settled,
    isDone
      ? { type: "step.succeeded", at: 0, data: { ...about, output: null, observed: true } }
      : { type: "step.failed", at: 0, data: { ...about, error: someError, again: command.again } },
  );
}

function started(world: World, predecessorDead: boolean): World {
  const holder = { name: "worker", host: "host", pid: 1, boot: null, started: null };
  return append(world, { type: "deployment.started", at: 0, data: { holder, fence: world.state.fence + 1, predecessorDead } });
}

function append(world: World, event: MachineEvent): World {
  const next = transition(world.state, event);
  if (next === undefined) throw new Violation(`${event.type} was not taken`);
  return { ...world, state: next.state };
}

function commandsOf(world: World): readonly Command[] {
  return transition(world.state, { type: "deployment.created", at: 0, data: {} as never })?.commands ?? [];
}

function isUnderWay(world: World, { step, direction }: { readonly step: PlanStep; readonly direction: Direction }): boolean {
  return world.calls.some(
    (call) => call.step === step.id && call.direction === direction && !call.left && call.fence === world.state.fence,
  );
}

function stepOf({ state }: World, id: string): PlanStep {
  const step = stepsOf(state.plan).find((other) => other.id === id);
  if (step === undefined) throw new Violation(`there is no step ${id}`);
  return step;
}

function nameOf({ step, direction }: { readonly step: PlanStep | string; readonly direction: Direction }): string {
  return `${direction === "undo" ? "undo " : ""}${typeof step === "string" ? step : step.id}`;
}
