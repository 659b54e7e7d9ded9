import type { PlanStep } from "../contract/plan.js";
import { fold, stepsOf, type DeploymentState, type MachineEvent } from "../machine/index.js";
import { waitsFor, type WaitsFor } from "./waits-for.js";

/** How a deployment spent its time: a fold over its journal. Everything in milliseconds. */
export interface Account {
  readonly state: DeploymentState | undefined;
  /** Epoch milliseconds of the last event. */
  readonly at: number;
  readonly waited: Readonly<Record<WaitsFor, number>>;
  /** Whether it has begun to move what serves. */
  readonly exposed: boolean;
  /** Since when it was known that it has to be taken back, epoch milliseconds. */
  readonly verdictAt: number | null;
  /** Since when what served before serves again, epoch milliseconds. */
  readonly restoredAt: number | null;
}

export const emptyAccount: Account = {
  state: undefined,
  at: 0,
  waited: { people: 0, queue: 0, freeze: 0, pause: 0, requirement: 0 },
  exposed: false,
  verdictAt: null,
  restoredAt: null,
};

/** The account after more events. */
export function accountOf(events: Iterable<MachineEvent>, from: Account = emptyAccount): Account {
  let account = from;
  for (const event of events) account = withEvent(account, event);
  return account;
}

/** How long it waited altogether. */
export function waitedFor({ waited }: Pick<Account, "waited">): number {
  return Object.values(waited).reduce((sum, time) => sum + time, 0);
}

/** From the verdict, or where a rollback was asked for from then, until what served before served again; `null` where it never stopped serving, or does not serve again. */
export function restoredIn({ state, verdictAt, restoredAt }: Account): number | null {
  const since = state?.kind === "rollback" ? state.createdAt : verdictAt;
  return since === null || restoredAt === null ? null : Math.max(0, restoredAt - since);
}

function withEvent(account: Account, event: MachineEvent): Account {
  const state = fold([event], account.state);
  const kind = account.state === undefined ? undefined : waitsFor(account.state);
  const passed = Math.max(0, event.at - account.at);
  const waited = kind === undefined || passed === 0 ? account.waited : { ...account.waited, [kind]: account.waited[kind] + passed };
  return { ...account, ...marksOf(account, event), state, at: event.at, waited };
}

/** What an event says about what serves. */
function marksOf(account: Account, event: MachineEvent): Partial<Account> {
  const { state, verdictAt } = account;
  switch (event.type) {
    case "step.started":
    case "step.succeeded":
      return movesTraffic(state, event.data.step) ? movedMarks(account, event) : {};
    case "step.failed":
      return event.data.direction === "forward" && !event.data.again ? { verdictAt: verdictAt ?? event.at } : {};
    case "abort.requested":
      return { verdictAt: verdictAt ?? event.at };
    case "rollback.requested":
      return { verdictAt: event.at };
    case "retry.requested":
      return state?.rollback === null ? { verdictAt: null } : {};
    default:
      return {};
  }
}

function movedMarks(
  { state }: Account,
  { type, at, data }: Extract<MachineEvent, { type: "step.started" | "step.succeeded" }>,
): Partial<Account> {
  if (type === "step.started") return data.direction === "forward" ? { exposed: true } : {};
  return data.direction === (state?.kind === "rollback" ? "forward" : "undo") ? { restoredAt: at } : {};
}

function movesTraffic(state: DeploymentState | undefined, id: string): boolean {
  const step = state && stepsOf(state.plan).find((one) => one.id === id);
  return step !== undefined && isMove(step);
}

/** Whether a step changes what people are served. Opening the way beside what serves sends nobody there. */
function isMove({ stage, effect, operation }: PlanStep): boolean {
  return effect && (stage === "shift" || stage === "promote") && operation !== "traffic.open";
}
