import type { Candidate } from "../contract/release.js";
import type { StreamWrite } from "../contract/store.js";
import { claimName, streamNames } from "../journal/index.js";
import { hasEnded, stepsOf, type DeploymentState } from "../machine/index.js";
import type { Companions, DraftEvent } from "./deployment-writer.js";
import type { Recorder } from "./engine.js";
import { environmentWrite, readEnvironment, type EnvironmentState } from "./environment-journal.js";
import { isCandidate } from "./operations/read-input.js";

/**
 * What goes into the commit of some events: the claim with the first one, messages with each that is worth one, and with the last the end of claim and lease and what serves from now on. Nothing of it
 * can be lost without the event, nor the event without it. `known` is the environment as it was claimed: until the claim ends nobody else changes it.
 */
export async function companionsOf(
  recorder: Recorder,
  events: readonly DraftEvent[],
  after: DeploymentState,
  known?: EnvironmentState,
): Promise<Companions> {
  const outbox = recorder.notify(events, after);
  const claim = { key: claimName(recorder.application, recorder.environment), owner: after.id };
  if (hasEnded(after.phase)) {
    const changed = await servingWrite(recorder, after, known);
    const wasClaimed = !events.some(({ type }) => type === "deployment.created");
    return {
      outbox,
      ...(wasClaimed ? { claim: { ...claim, action: "release" as const }, releaseLease: true } : {}),
      ...(changed === undefined ? {} : { streams: [changed] }),
    };
  }
  if (!events.some(({ type }) => type === "deployment.created")) return { outbox };
  const unchanged = known === undefined ? [] : [{ name: environmentStream(recorder), expectedVersion: known.head.version, events: [] }];
  return { outbox, claim: { ...claim, action: "take" }, streams: unchanged };
}

/** The change of what serves: when it succeeded, or when it was given up after everything had been promoted. */
async function servingWrite(
  recorder: Recorder,
  state: DeploymentState,
  known: EnvironmentState | undefined,
): Promise<StreamWrite | undefined> {
  const isPromoted = state.phase === "succeeded" ? state.outcome !== "unchanged" : state.phase === "abandoned" && allPromoted(state);
  if (!isPromoted) return undefined;
  const { store, application, environment, clock } = recorder;
  const before = known ?? (await readEnvironment(store, application, environment));
  const at = new Date(clock.now()).toISOString();
  const serving = { release: state.plan.release, candidates: candidatesOf(state), deploymentId: state.id, at };
  return environmentWrite(environmentStream(recorder), before, { at, data: { serving, cause: state.kind } });
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
