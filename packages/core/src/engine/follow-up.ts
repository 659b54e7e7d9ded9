import type { Direction } from "../contract/deployment-events.js";
import type { PlanStep } from "../contract/plan.js";
import { decide, fold, type Command, type DeploymentState, type MachineEvent } from "../machine/index.js";
import type { DraftEvent } from "./deployment-writer.js";

/** An attempt whose intent is recorded with what led to it. */
export interface AttemptTask {
  readonly step: PlanStep;
  readonly direction: Direction;
  readonly attempt: number;
}

export interface FollowUp {
  readonly events: readonly DraftEvent[];
  /** To be acted on as soon as the events are appended, and not before. */
  readonly begun: readonly AttemptTask[];
}

/**
 * What is appended in one commit because it follows from the journal and an outcome alone: the outcome, what the machine records of it, and the intents of what it does next. One wait for the disk instead of
 * one per event; an abort that came in between makes the commit conflict, so that all of it is decided again.
 */
export function followUp(state: DeploymentState, outcome: DraftEvent | undefined, now: number): FollowUp {
  const events: DraftEvent[] = outcome === undefined ? [] : [outcome];
  let after = withDrafts(state, events, now);
  for (;;) {
    const commands = decide(after);
    const record = commands.find((command) => command.type === "record");
    if (record === undefined) {
      const begun = commands.filter((command) => command.type === "attempt");
      return { events: [...events, ...begun.map((task) => intentOf(task, state.fence, now))], begun };
    }
    events.push(record.event);
    after = withDrafts(after, [record.event], now);
  }
}

function intentOf({ step, direction, attempt }: Extract<Command, { type: "attempt" }>, fence: number, now: number): DraftEvent {
  return { type: "step.started", data: { step: step.id, direction, attempt, fence, deadline: now + step.timeout } };
}

function withDrafts(state: DeploymentState, drafts: readonly DraftEvent[], at: number): DeploymentState {
  const events: MachineEvent[] = drafts.map((draft) => ({ ...draft, at }));
  return fold(events, state) ?? state;
}
