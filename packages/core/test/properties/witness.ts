import type { Direction } from "../../src/contract/deployment-events.js";
import type { Store, StoreCommit } from "../../src/contract/store.js";
import { toMachineEvent } from "../../src/engine/deployment-writer.js";
import { accountOf } from "../../src/history/index.js";
import { claimName, emptyHead, verifyEvents } from "../../src/journal/index.js";
import { canonicalJson } from "../../src/json/index.js";
import { fold, hasEnded, isWaiting, stepsOf, type DeploymentState, type MachineEvent } from "../../src/machine/index.js";
import { summarize } from "../../src/engine/summary.js";
import { problemOf } from "./acceptance.js";
import type { VirtualTime } from "./virtual-time.js";

/** Sees every commit, keeps its own account of every deployment, and holds each event against the machine. */
export interface Witness {
  commit(process: string, commit: StoreCommit): ReturnType<Store["commit"]>;
  stateOf(deployment: string): DeploymentState | undefined;
  states(): readonly DeploymentState[];
  /** When the attempt that is under way has to be over, in true time. */
  deadlineOf(deployment: string, step: string, direction: Direction): number | undefined;
  /** What went wrong, the first first. */
  readonly violations: string[];
  /** Everything that was appended, for people. */
  readonly story: readonly string[];
  /** Adds a line to the story. */
  tell(what: string): void;
  /** Holds what the store has kept against its own account. */
  compare(): Promise<void>;
}

/** Events that only who drives a deployment appends. */
const ofDriver = /^(?:step\.|deployment\.(?:started|parked|claimed|succeeded|failed|rolled-back)|rollback\.started|attention\.)/;

const prefix = "deployment/shop/";

export function createWitness({
  store,
  time,
  channel,
  onEnd = () => undefined,
}: {
  readonly store: Store;
  readonly time: VirtualTime;
  readonly channel: string;
  /** Called when a deployment has just ended. */
  readonly onEnd?: (state: DeploymentState) => void;
}): Witness {
  const states = new Map<string, DeploymentState>();
  const deadlines = new Map<string, number>();
  const violations: string[] = [];
  const story: string[] = [];
  const begun = time.now();

  const tell = (what: string): void => void story.push(`${String((time.now() - begun) / 1000)} s ${what}`);

  const take = (process: string, id: string, event: MachineEvent): void => {
    const before = states.get(id);
    const problem = before === undefined ? undefined : problemOf(before, event);
    if (problem !== undefined) violations.push(`${id}: ${problem}`);
    tell(`${process} ${id}: ${wordsOf(event)}`);
    if (before !== undefined) requireShownWay(before, event, violations);
    const after = fold([event], before);
    if (after === undefined) violations.push(`${id} began with ${event.type}`);
    else states.set(id, after);
    if (after !== undefined && hasEnded(after.phase)) onEnd(after);
    if (event.type === "step.started")
      deadlines.set(`${id}/${event.data.step}/${event.data.direction}`, time.now() + event.data.deadline - event.at);
  };

  const requireToken = (id: string, { fence }: StoreCommit, types: readonly string[]): void => {
    const state = states.get(id);
    if (state === undefined || !types.some((type) => ofDriver.test(type)) || state.fence === 0) return;
    // What ends without having begun nobody drives.
    if (!state.claimed) return;
    if (fence?.token !== state.fence)
      violations.push(`${id}: ${types.join(", ")} with token ${String(fence?.token)}, which is not ${String(state.fence)}`);
  };

  const requireClaims = async (): Promise<void> => {
    const owner = await store.claimOf(claimName("shop", "staging"));
    const active = [...states.values()].filter(({ phase }) => !isWaiting(phase) && !hasEnded(phase)).map(({ id }) => id);
    if (active.length > 1) violations.push(`${active.join(" and ")} are under way at once`);
    if (owner !== active[0]) violations.push(`${String(owner)} has the claim, and ${String(active[0])} is under way`);
  };

  const requireTold = (id: string, types: readonly string[], { outbox = [] }: StoreCommit): void => {
    for (const type of [
      "deployment.superseded",
      "deployment.expired",
      "deployment.rejected",
      "approval.requested",
      "attention.requested",
    ]) {
      if (types.includes(type) && !outbox.some(({ channel: to, notification }) => to === channel && notification.event === type))
        violations.push(`${id}: ${type} was told to nobody`);
    }
  };

  const requireApproved = (id: string): void => {
    const state = states.get(id);
    if (state?.plan.approval === undefined) return;
    const people = new Set(
      state.approvals.filter(({ step, digest }) => step === null && digest === state.plan.digest).map(({ actor }) => actor.name),
    );
    if (people.size < state.plan.approval.required) violations.push(`${id} began with ${String(people.size)} approvals of its plan`);
  };

  return {
    violations,
    story,
    tell,
    async commit(process, commit) {
      const answer = await store.commit(commit);
      for (const { name, events } of commit.streams) {
        if (name.startsWith("environment/") && events.some(({ type }) => type === "environment.changed")) requireEnd(commit, violations);
        if (!name.startsWith(prefix) || events.length === 0) continue;
        const id = name.slice(prefix.length);
        const types = events.map(({ type }) => type);
        for (const event of events) take(process, id, toMachineEvent(event));
        requireToken(id, commit, types);
        requireTold(id, types, commit);
        if (types.includes("deployment.claimed")) requireApproved(id);
      }
      await requireClaims();
      return answer;
    },
    stateOf: (deployment) => states.get(deployment),
    states: () => [...states.values()],
    deadlineOf: (deployment, step, direction) => deadlines.get(`${deployment}/${step}/${direction}`),
    async compare() {
      for (const [id, state] of states) {
        const stored = await store.read(`${prefix}${id}`);
        verifyEvents(`${prefix}${id}`, emptyHead, stored);
        const folded = fold(stored.map(toMachineEvent));
        if (canonicalJson(folded as never) !== canonicalJson(state as never)) violations.push(`${id}: its journal says something else`);
        const { items } = await store.list({ prefix: `${prefix}${id}` });
        const [summary] = items;
        if (canonicalJson(summary?.summary ?? {}) !== canonicalJson(summarize(state, accountOf(stored.map(toMachineEvent)))))
          violations.push(`${id}: it is listed as something else`);
        const lease = await store.leases.read(`deployment/${id}`);
        const isAsleep = hasEnded(state.phase) || isWaiting(state.phase) || state.parked !== null;
        if (isAsleep && lease !== undefined && lease.expiresAt > time.now())
          violations.push(`${id}: it is ${state.phase} and somebody has its lease`);
      }
    },
  };
}

/** Whether it goes back by itself or asks is what the plan shows: it asks from the first step on that cannot be taken back. */
function requireShownWay({ id, plan, intents, rollback }: DeploymentState, { type, data }: MachineEvent, violations: string[]): void {
  const isAsked = type === "attention.requested" && rollback === null;
  if (!isAsked && (type !== "rollback.started" || data.cause === "asked")) return;
  const passed = stepsOf(plan).filter(({ id: step, reversibility }) => reversibility === "irreversible" && intents.includes(step));
  if (passed.length > 0 !== isAsked)
    violations.push(`${id}: ${type}, with ${String(passed.length)} steps behind it that cannot be taken back`);
}

/** What serves changes only together with the end of the deployment that changed it. */
function requireEnd({ streams }: StoreCommit, violations: string[]): void {
  const ends = streams.flatMap(({ name, events }) => (name.startsWith(prefix) ? events.map(({ type }) => type) : []));
  if (!ends.some((type) => type === "deployment.succeeded" || type === "deployment.abandoned"))
    violations.push("what serves changed in between");
}

function wordsOf({ type, data }: MachineEvent): string {
  const { step, direction, attempt, error, reason, holder } = data as unknown as Readonly<Record<string, unknown>>;
  const about = [
    step,
    direction === "undo" ? "undo" : undefined,
    attempt,
    wordOf(error),
    wordOf(holder),
    typeof reason === "string" ? reason : undefined,
  ];
  return [type, ...about.filter((word) => word !== undefined && word !== null).map(String)].join(" ");
}

function wordOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return "code" in value ? value.code : "name" in value ? value.name : undefined;
}

/** Steps whose effect a rollback takes back. */
export function undoable(state: DeploymentState): readonly string[] {
  return stepsOf(state.plan)
    .filter(({ effect, reversibility }) => effect && reversibility === "undo")
    .map(({ id }) => id);
}
