import type { Candidate } from "../contract/release.js";
import type { StreamWrite, TimerWrite } from "../contract/store.js";
import { claimName, streamNames } from "../journal/index.js";
import { hasEnded, isWaiting, never, stepsOf, wakeTime, type DeploymentState } from "../machine/index.js";
import type { Companions, DraftEvent } from "./deployment-writer.js";
import type { Recorder } from "./engine.js";
import { environmentWrite, readEnvironment, type EnvironmentDraft, type EnvironmentState } from "./environment-journal.js";
import { isCandidate } from "./operations/read-input.js";

/**
 * What goes into the commit of some events: the claim with the first one, messages with each that is worth one, and with the last the end of claim and lease and what serves from now on. Nothing of it
 * can be lost without the event, nor the event without it. `known` is the environment as the plan was made for it: the commit is refused if it has changed since. Without it the last one reads it.
 */
export async function companionsOf(
  recorder: Recorder,
  events: readonly DraftEvent[],
  after: DeploymentState,
  known?: EnvironmentState,
): Promise<Companions> {
  const outbox = recorder.notify(events, after);
  const timers = timersOf(recorder, events, after);
  const claim = { key: claimName(recorder.application, recorder.environment), owner: after.id };
  if (hasEnded(after.phase)) {
    const changed = await servingWrite(recorder, after, known);
    return {
      outbox,
      timers,
      ...(after.claimed ? { claim: { ...claim, action: "release" as const }, releaseLease: true } : {}),
      ...(changed === undefined ? {} : { streams: [changed] }),
    };
  }
  if (events.some(({ type }) => type === "deployment.parked")) return { outbox, timers, releaseLease: true };
  if (!events.some(({ type }) => type === "deployment.claimed")) return { outbox, timers };
  const unchanged = known === undefined ? [] : [{ name: environmentStream(recorder), expectedVersion: known.head.version, events: [] }];
  return { outbox, timers, claim: { ...claim, action: "take" }, streams: unchanged };
}

/** When somebody should look at it: while nobody drives it, a timer says so. */
function timersOf(recorder: Recorder, events: readonly DraftEvent[], after: DeploymentState): readonly TimerWrite[] {
  const name = streamNames.deployment(recorder.application, after.id);
  const isAsleep = isWaiting(after.phase) || after.parked !== null;
  if (isAsleep) {
    const at = wakeTime(after);
    return [{ name, at: at === never ? null : Math.max(at, recorder.clock.now()) }];
  }
  const wasAsleep = events.some(({ type }) => type === "deployment.started") || (hasEnded(after.phase) && !after.claimed);
  return wasAsleep ? [{ name, at: null }] : [];
}

/** The change of what serves: when it succeeded, or when it was given up after everything had been promoted. */
async function servingWrite(recorder: Recorder, state: DeploymentState, known?: EnvironmentState): Promise<StreamWrite | undefined> {
  const isPromoted = state.phase === "succeeded" ? state.outcome !== "unchanged" : state.phase === "abandoned" && allPromoted(state);
  if (!isPromoted) return undefined;
  const { store, application, environment, clock } = recorder;
  // What serves has not changed since the claim, but somebody may have stopped the line.
  const before = known ?? (await readEnvironment(store, application, environment));
  const at = new Date(clock.now()).toISOString();
  const serving = { release: state.plan.release, candidates: candidatesOf(state), deploymentId: state.id, at };
  const changed: EnvironmentDraft = { type: "environment.changed", data: { serving, cause: state.kind } };
  return environmentWrite(environmentStream(recorder), before, [changed, ...pinOf(state, before)], at);
}

/** A rollback pins the environment. What is deployed afterwards was asked for explicitly, or it would not have begun. */
function pinOf({ id, kind, plan, actor, reason }: DeploymentState, { pin }: EnvironmentState): readonly EnvironmentDraft[] {
  if (kind === "rollback") return [{ type: "environment.pinned", data: { actor, reason, release: plan.release.id, deploymentId: id } }];
  return pin === null ? [] : [{ type: "environment.unpinned", data: { actor, reason } }];
}

function allPromoted(state: DeploymentState): boolean {
  const promotes = stepsOf(state.plan).filter(({ operation }) => operation === "target.promote");
  return (
    promotes.length > 0 &&
    promotes.every(({ id }) => state.steps[id]?.forward.status === "succeeded" && state.steps[id].undo.status === "waiting")
  );
}

/** What each component's target calls what serves: what was prepared, what a rollback names, or what was found and stays. */
function candidatesOf(state: DeploymentState): Readonly<Record<string, Candidate>> {
  const steps = stepsOf(state.plan);
  return Object.fromEntries(
    state.plan.components.flatMap(({ name, previous }) => {
      const prepared = state.steps[`${name}.prepare`]?.forward;
      const named = steps.find(({ operation, component }) => operation === "target.promote" && component === name)?.input["candidate"];
      const candidate = prepared?.status === "succeeded" ? prepared.output : (named ?? (previous && { ...previous }));
      return isCandidate(candidate) ? [[name, candidate] as const] : [];
    }),
  );
}

function environmentStream({ application, environment }: Recorder): string {
  return streamNames.environment(application, environment);
}
