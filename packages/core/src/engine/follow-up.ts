import { decide, fold, type Command, type DeploymentState, type MachineEvent } from "../machine/index.js";
import { timeoutOf } from "../plan/index.js";
import type { DraftEvent } from "./deployment-writer.js";

/**
 * What is appended in one commit because it follows from the journal and an outcome alone: the outcome, what the machine records of it, and the intents of what it does next. One wait for the disk instead of
 * one per event; an abort that came in between makes the commit conflict, so that all of it is decided again.
 */
export function followUp(state: DeploymentState, outcome: DraftEvent | undefined, now: number): readonly DraftEvent[] {
  const events: DraftEvent[] = outcome === undefined ? [] : [outcome];
  let after = withDrafts(state, events, now);
  for (;;) {
    const commands = decide(after);
    const record = commands.find((command) => command.type === "record" && command.notBefore <= now);
    if (record?.type !== "record") return [...events, ...intentsOf(after, commands, now)];
    events.push(record.event);
    after = withDrafts(after, [record.event], now);
  }
}

/** The first event of a deployment that waits, with what is recorded of it at once. */
export function withRecords(draft: DraftEvent, now: number): readonly DraftEvent[] {
  const state = withDrafts(undefined, [draft], now);
  return state === undefined ? [draft] : [draft, ...followUp(state, undefined, now)];
}

/** Events with which a deployment begins, with the intents of its first steps. */
export function withIntents(before: DeploymentState | undefined, drafts: readonly DraftEvent[], now: number): readonly DraftEvent[] {
  const state = withDrafts(before, drafts, now);
  return state === undefined ? drafts : [...drafts, ...intentsOf(state, decide(state), now)];
}

function intentsOf(state: DeploymentState, commands: readonly Command[], now: number): readonly DraftEvent[] {
  return commands
    .filter((command) => command.type === "attempt")
    .filter(({ notBefore }) => notBefore <= now)
    .map(({ step, direction, attempt }) => ({
      type: "step.started",
      data: { step: step.id, direction, attempt, fence: state.fence, deadline: now + timeoutOf(step, direction) },
    }));
}

function withDrafts<State extends DeploymentState | undefined>(
  state: State,
  drafts: readonly DraftEvent[],
  at: number,
): DeploymentState | State {
  const events: MachineEvent[] = drafts.map((draft) => ({ ...draft, at }));
  return fold(events, state) ?? state;
}
