import type { Direction, WaitingFor } from "../../src/contract/deployment-events.js";
import type { Plan, PlanStep } from "../../src/contract/plan.js";
import { createHash } from "node:crypto";
import { serializeError } from "../../src/errors/fairlead-error.js";
import { canonicalJson } from "../../src/json/canonical-json.js";
import type { Json } from "../../src/json/json.js";
import { decide, hasEnded, isWaiting, openGates, stepsOf, transition } from "../../src/machine/index.js";
import type { AttemptState, Command, DeploymentState, MachineEvent } from "../../src/machine/index.js";

/** A call that is under way at the provider, or that was left behind by its process and may still take effect. */
interface Call {
  readonly step: string;
  readonly direction: Direction;
  readonly attempt: number;
  readonly fence: number;
  readonly landed: boolean;
  /** Nobody waits for its answer any more. */
  readonly left: boolean;
  /** It ends by then. */
  readonly deadline: number;
  /** Nothing of it takes effect from then on. */
  readonly over: number;
}

/** What may still happen from outside, so often. */
export interface Limits {
  readonly crashes: number;
  readonly aborts?: number;
  readonly retries?: number;
  readonly rollbacks?: number;
  readonly pauses?: number;
  readonly advances?: number;
  readonly advancesAll?: number;
  readonly deferrals?: number;
  readonly holds?: number;
  readonly words?: number;
  /** A provider cannot tell what came of an attempt. */
  readonly doubts?: number;
}

/** The deployment, what is true at the provider, and what is under way. Time is counted in ticks. */
export interface World {
  readonly state: DeploymentState;
  readonly now: number;
  readonly applied: readonly string[];
  readonly calls: readonly Call[];
  readonly isClaimed: boolean;
  readonly left: Limits;
}

export interface Move {
  readonly name: string;
  readonly world: World;
  /** Happens by itself, without anybody's wish and without a crash. */
  readonly natural: boolean;
}

const someError = serializeError("refused");
const wish = { actor: { name: "ada", via: "cli" }, reason: null } as const;

export class Violation extends Error {}

export function firstWorld(plan: Plan, limits: Limits): World {
  const created: MachineEvent = {
    type: "deployment.created",
    at: 0,
    data: { deploymentId: "dep_1", kind: plan.kind, plan, key: null, ...wish },
  };
  const begun = transition(undefined, created);
  if (begun === undefined) throw new Violation("a deployment did not begin");
  return { state: begun.state, now: 0, applied: [], calls: [], isClaimed: false, left: limits };
}

/** Everything that can happen next. */
export function movesOf(world: World): readonly Move[] {
  if (hasEnded(world.state.phase)) return [];
  return [...commandMoves(world), ...callMoves(world), ...timeMoves(world), ...wishMoves(world), ...crashMoves(world)];
}

/** Equal for worlds from which the same can happen. Of a time it matters how far away it is, of an attempt and of a token whether it is the last one. */
export function keyOf(world: World): string {
  const { state, calls, now, applied, isClaimed, left } = world;
  const away = (time: number): number => Math.max(0, time - now);
  const attemptKey = (attempt: AttemptState, settle: number): Json => {
    if (attempt.status === "started") {
      const { fence, deadline } = attempt;
      return ["started", fence === state.fence, away(deadline), away(Math.min(state.deaths[fence] ?? deadline, deadline) + settle)];
    }
    if (attempt.status === "interrupted") return ["interrupted", away(attempt.observeAt), attempt.again];
    if (attempt.status === "deferred") return ["deferred", attempt.until === null ? null : away(attempt.until)];
    return attempt.status;
  };
  const alive = calls.filter((call) => !call.left || (!call.landed && call.over > now));
  return createHash("md5")
    .update(
      canonicalJson([
        state.phase,
        state.fence > 0,
        Object.entries(state.steps).map(([id, { forward, undo }]) => {
          const { settle } = stepOf(world, id);
          return [attemptKey(forward, settle), attemptKey(undo, settle)];
        }),
        alive
          .map(({ step, direction, attempt, fence, landed, left: isLeft, deadline, over }) => {
            const isLast = state.steps[step]?.[direction].attempt === attempt;
            return [step, direction, isLast, fence === state.fence, landed, isLeft, isLeft ? 0 : away(deadline), away(over)].join();
          })
          .sort(),
        state.intents,
        [...applied].sort(),
        isClaimed,
        [state.approvals.length, state.rejections.length, state.pause !== null, state.advanced, state.advanceAll !== null],
        [state.abort !== null, state.forced !== null, state.rollback?.cause ?? null],
        isWaiting(state.phase) ? [away(state.hold?.until ?? 0), away(state.plannedAt + (state.plan.approval?.expiresAfter ?? 0))] : [],
        Object.values(left),
      ]),
    )
    .digest("base64");
}

function commandsOf({ state }: World): readonly Command[] {
  return decide(state);
}

function commandMoves(world: World): Move[] {
  return commandsOf(world).flatMap((command): Move[] => {
    const move = (name: string, next: World): Move[] => [{ name, natural: true, world: next }];
    if ("notBefore" in command && command.notBefore > world.now) return [];
    switch (command.type) {
      case "admit":
        return [...move("claim", claimed(world)), ...heldMoves(world)];
      case "attempt":
        return isUnderWay(world, command) ? [] : move(`begin ${nameOf(command)}`, begun(world, command));
      case "observe":
        if (isUnderWay(world, command)) return [];
        return [...move(`observe ${nameOf(command)}`, observed(world, command)), ...doubtMoves(world, command)];
      case "record":
        return move(command.event.type, append(world, { ...command.event, at: world.now }));
      case "ask": {
        const data = { reason: command.reason, errors: command.errors, serving: [], options: command.options };
        return move("ask", append(world, { type: "attention.requested", at: world.now, data }));
      }
      case "cancel":
        return [];
    }
  });
}

function doubtMoves(world: World, command: Extract<Command, { type: "observe" }>): Move[] {
  const { step, direction, attempt } = command;
  if ((world.left.doubts ?? 0) === 0 || !step.effect) return [];
  const data = { step: step.id, direction, attempt, error: someError, again: false };
  const after = append(withoutAnswers(spend(world, "doubts"), command), { type: "step.failed", at: world.now, data });
  return [{ name: `nobody can tell of ${nameOf(command)}`, natural: false, world: after }];
}

function heldMoves(world: World): Move[] {
  const { holds = 0 } = world.left;
  if (holds === 0) return [];
  const data = { reason: "frozen", until: world.now + 1 };
  const held = append(spend(world, "holds"), { type: "deployment.held", at: world.now, data });
  return [{ name: "hold", natural: false, world: held }];
}

/** A call may take effect, be refused for good, be put off, or end without an answer, having taken effect or not, now or a little later. */
function callMoves(world: World): Move[] {
  return world.calls.flatMap((call): Move[] => {
    const moves: Move[] = [];
    if (!call.landed && world.now < call.over)
      moves.push({ name: `${nameOf(call)} takes effect`, natural: true, world: landed(world, call) });
    if (call.left || call.fence !== world.state.fence) return moves;
    const about = { step: call.step, direction: call.direction, attempt: call.attempt };
    const without = { ...world, calls: world.calls.filter((other) => other !== call) };
    const add = (what: string, next: World, natural = true): number =>
      moves.push({ name: `${nameOf(call)} ${what}`, natural, world: next });
    const step = stepOf(world, call.step);
    if (call.landed) {
      const data = { ...about, output: null, observed: false };
      add("answers", append(without, { type: "step.succeeded", at: world.now, data }));
    } else {
      add("is refused", append(without, { type: "step.failed", at: world.now, data: { ...about, error: someError, again: false } }));
    }
    if (step.effect) {
      const over = world.now + step.settle;
      const left = { ...world, calls: world.calls.map((other) => (other === call ? { ...call, left: true, over } : other)) };
      for (const again of [false, true]) {
        const data = { ...about, error: someError, observeAt: over, again };
        add(again ? "is left" : "ends without an answer", append(left, { type: "step.interrupted", at: world.now, data }));
      }
    } else if ((world.left.deferrals ?? 0) > 0) {
      for (const until of [world.now + 1, null]) {
        const waitingFor: WaitingFor = until === null ? "approval" : "time";
        const data = { ...about, waitingFor, reason: "not yet", until, memo: null };
        add("is put off", append(spend(without, "deferrals"), { type: "step.deferred", at: world.now, data }), false);
      }
    }
    return moves;
  });
}

/** Time passes where something waits for it. No call outlives its deadline while its process lives. */
function timeMoves(world: World): Move[] {
  const { now, calls, state } = world;
  const isWaitedFor =
    calls.some(({ over }) => over > now) ||
    commandsOf(world).some((command) => "notBefore" in command && command.notBefore > now && command.notBefore < Number.POSITIVE_INFINITY);
  const isDue = calls.some((call) => !call.left && call.fence === state.fence && call.deadline <= now);
  return isWaitedFor && !isDue ? [{ name: "time passes", natural: true, world: { ...world, now: now + 1 } }] : [];
}

type Wish = Extract<
  MachineEvent["type"],
  | "abort.requested"
  | "advance.requested"
  | "advance-all.requested"
  | "deployment.paused"
  | "deployment.resumed"
  | "retry.requested"
  | "rollback.requested"
>;

function wishMoves(world: World): Move[] {
  const { state, left } = world;
  const asks = state.phase === "needs_attention";
  const can = (wanted: Wish, kind: keyof Limits, isPossible: boolean): Move[] => {
    if (!isPossible || (left[kind] ?? 0) === 0) return [];
    const after = append(spend(world, kind), { type: wanted, at: world.now, data: wish });
    return [{ name: wanted, natural: false, world: asks ? started(after, true) : after }];
  };
  const words = (["approval.granted", "approval.rejected"] as const).flatMap((type): Move[] => {
    const step = Object.entries(state.steps).find(([, { forward }]) => forward.status === "deferred" && forward.until === null)?.[0];
    if ((left.words ?? 0) === 0 || (state.phase !== "awaiting_approval" && step === undefined)) return [];
    const data = {
      ...wish,
      actor: { name: `person ${String(left.words)}`, via: "cli" as const },
      step: step ?? null,
      digest: state.plan.digest,
    };
    return [{ name: type, natural: false, world: append(spend(world, "words"), { type, at: world.now, data }) }];
  });
  const resume: Move[] =
    state.pause === null
      ? []
      : [{ name: "resume", natural: true, world: append(world, { type: "deployment.resumed", at: world.now, data: wish }) }];
  return [
    ...can("abort.requested", "aborts", !asks),
    ...can("retry.requested", "retries", asks),
    ...can("rollback.requested", "rollbacks", asks && state.rollback === null),
    ...can("deployment.paused", "pauses", state.phase === "running" && state.pause === null),
    ...can("advance.requested", "advances", openGates(state).length > 0),
    ...can("advance-all.requested", "advancesAll", state.phase === "running"),
    ...words,
    ...resume,
  ];
}

function crashMoves(world: World): Move[] {
  const { state, left, now } = world;
  if (left.crashes === 0 || state.phase === "needs_attention" || isWaiting(state.phase)) return [];
  return [true, false].map((dead) => {
    // What a dead process had begun lands soon or never; one that only seems dead lives up to its deadlines.
    const calls = world.calls.map((call) => {
      const { settle } = stepOf(world, call.step);
      return { ...call, left: true, over: call.left ? call.over : (dead ? Math.min(now, call.deadline) : call.deadline) + settle };
    });
    return { name: dead ? "crash" : "takeover", natural: false, world: started({ ...spend(world, "crashes"), calls }, dead) };
  });
}

function begun(
  world: World,
  { step, direction, attempt }: { readonly step: PlanStep; readonly direction: Direction; readonly attempt: number },
): World {
  const { state, now } = world;
  const { fence } = state;
  if (direction === "forward") requireMayBegin(world, step);
  if (state.steps[step.id]?.[direction].status === "succeeded") throw new Violation(`${step.id} was done and is begun again`);
  const deadline = now + step.timeout;
  const call: Call = { step: step.id, direction, attempt, fence, landed: false, left: false, deadline, over: deadline + step.settle };
  const event: MachineEvent = { type: "step.started", at: now, data: { step: step.id, direction, attempt, fence, deadline } };
  return append({ ...world, calls: [...world.calls, call] }, event);
}

function requireMayBegin({ state, isClaimed }: World, step: PlanStep): void {
  if (state.abort !== null || state.forced !== null) throw new Violation(`${step.id} was begun after the wish to stop`);
  if (state.pause !== null) throw new Violation(`${step.id} was begun while it was paused`);
  if (!isClaimed) throw new Violation(`${step.id} was begun without the claim`);
  const at = state.plan.groups.findIndex(({ steps }) => steps.includes(step));
  const before = state.plan.groups.slice(0, at).flatMap(({ steps }) => steps);
  const statusOf = ({ id }: PlanStep) => state.steps[id]?.forward.status;
  const lost = (of: string) => stepsOf(state.plan).filter((other) => other.failure?.of === of && statusOf(other) === "failed").length;
  const mayBeLost = ({ failure }: PlanStep): boolean => failure !== undefined && lost(failure.of) <= failure.most;
  const open = before.find((other) => statusOf(other) !== "succeeded" && !(statusOf(other) === "failed" && mayBeLost(other)));
  if (open !== undefined) throw new Violation(`${step.id} was begun before ${open.id} was done`);
}

function landed(world: World, call: Call): World {
  const calls = world.calls.map((other) => (other === call ? { ...call, landed: true } : other));
  if (!stepOf(world, call.step).effect) return { ...world, calls };
  const isApplied = world.applied.includes(call.step);
  if (call.direction === "forward") {
    if (isApplied) throw new Violation(`${call.step} took effect twice`);
    if (hasEnded(world.state.phase)) throw new Violation(`${call.step} took effect after the end`);
    return { ...world, calls, applied: [...world.applied, call.step] };
  }
  const intents = world.state.intents;
  const later = intents.slice(intents.indexOf(call.step) + 1).filter((id) => stepOf(world, id).reversibility === "undo");
  const kept = later.filter((id) => world.applied.includes(id) && world.state.steps[id]?.undo.status !== "failed");
  if (kept.length > 0) throw new Violation(`${call.step} was taken back before ${kept.join(", ")}`);
  return { ...world, calls, applied: world.applied.filter((id) => id !== call.step) };
}

/** What the provider shows, now. */
function observed(world: World, command: Extract<Command, { type: "observe" }>): World {
  const { step, direction, attempt } = command;
  const about = { step: step.id, direction, attempt };
  const isApplied = step.effect && world.applied.includes(step.id);
  const isDone = direction === "forward" ? isApplied : !isApplied;
  return append(
    withoutAnswers(world, command),
    isDone
      ? { type: "step.succeeded", at: world.now, data: { ...about, output: null, observed: true } }
      : { type: "step.failed", at: world.now, data: { ...about, error: someError, again: command.again } },
  );
}

/** Answers that nobody waits for are of no interest; what may still land is. */
function withoutAnswers(world: World, { step, direction }: { readonly step: PlanStep; readonly direction: Direction }): World {
  const isOf = (call: Call): boolean => call.step === step.id && call.direction === direction;
  return { ...world, calls: world.calls.filter((call) => !isOf(call) || (!call.landed && call.over > world.now)) };
}

function claimed(world: World): World {
  return started(append({ ...world, isClaimed: true }, { type: "deployment.claimed", at: world.now, data: {} }), true);
}

function started(world: World, predecessorDead: boolean): World {
  const holder = { name: "worker", host: "host", pid: 1, boot: null, started: null };
  return append(world, { type: "deployment.started", at: world.now, data: { holder, fence: world.state.fence + 1, predecessorDead } });
}

function append(world: World, event: MachineEvent): World {
  const next = transition(world.state, event);
  if (next === undefined) throw new Violation(`${event.type} was not taken`);
  const isOver = hasEnded(next.state.phase);
  return { ...world, state: next.state, isClaimed: world.isClaimed && !isOver };
}

function spend(world: World, kind: keyof Limits): World {
  return { ...world, left: { ...world.left, [kind]: (world.left[kind] ?? 0) - 1 } };
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
