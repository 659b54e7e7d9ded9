import type { DeploymentEvent } from "../contract/deployment-events.js";
import type { Store } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { toMachineEvent } from "../engine/deployment-writer.js";
import { patiently } from "../engine/patience.js";
import { emptyHead, streamNames, verifyEvents } from "../journal/index.js";
import { fold, hasEnded, type DeploymentState } from "../machine/index.js";
import type { Clock } from "../time/clock.js";
import { toDeploymentEvents } from "./deployment-event.js";
import { createWaiter } from "./journal-waiter.js";
import { followLines } from "./log-lines.js";
import type { Deployment, DeploymentResult } from "./types.js";

interface HandleOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  readonly id: string;
  readonly environment: string;
  readonly joined: boolean;
  /** Where this process drives it: resolves when it has ended or needs attention, rejects when this process cannot go on. */
  readonly driven?: { readonly done: Promise<void>; readonly state: () => DeploymentState };
  /** Where another process drives it: rejects when that one is gone and this one cannot go on. */
  readonly abandoned?: Promise<never>;
}

/** Everything it says is read from the journal, so any process can say it. */
export function createDeploymentHandle(options: HandleOptions): Deployment {
  const { store, clock, application, id, environment, joined } = options;

  const events = async function* ({
    after = 0,
    signal,
  }: { readonly after?: number; readonly signal?: AbortSignal } = {}): AsyncGenerator<DeploymentEvent> {
    const stream = streamNames.deployment(application, id);
    const waiter = createWaiter({ store, clock, broken: brokenOf(options) }, stream, signal);
    let head = emptyHead;
    let state: DeploymentState | undefined;
    try {
      for (;;) {
        const { version } = head;
        const stored = await patiently({ clock, signal }, () => store.read(stream, { after: version }));
        head = verifyEvents(stream, head, stored);
        state = fold(stored.map(toMachineEvent), state);
        if (state === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId: id });
        for (const event of toDeploymentEvents(stored, state)) if (event.version > after) yield event;
        if (hasEnded(state.phase) || state.phase === "needs_attention") return;
        await waiter.wait();
      }
    } finally {
      waiter.stop();
    }
  };

  return {
    id,
    environment,
    joined,
    events,
    lines: (query) => followLines(options, query),
    state: () => readState(store, application, id),
    async result({ signal } = {}) {
      if (options.driven !== undefined) {
        await options.driven.done;
        const state = options.driven.state();
        if (hasEnded(state.phase) || state.phase === "needs_attention") return resultOf(state, clock.now());
      }
      const ended = events({ after: Number.MAX_SAFE_INTEGER, ...(signal === undefined ? {} : { signal }) });
      await ended.next();
      return resultOf(await patiently({ clock, signal }, () => readState(store, application, id)), clock.now());
    },
  };
}

/** What ends a wait: only that it cannot go on. One that has parked is gone on with elsewhere. */
function brokenOf({ driven, abandoned }: HandleOptions): readonly Promise<never>[] {
  const broken = driven?.done.then(() => new Promise<never>(() => undefined));
  broken?.catch(() => undefined);
  return [...(broken === undefined ? [] : [broken]), ...(abandoned === undefined ? [] : [abandoned])];
}

/** The state of a deployment from its journal. Throws `DEPLOYMENT_UNKNOWN`. */
export async function readState(store: Store, application: string, id: string): Promise<DeploymentState> {
  const stream = streamNames.deployment(application, id);
  const stored = await store.read(stream);
  verifyEvents(stream, emptyHead, stored);
  const state = fold(stored.map(toMachineEvent));
  if (state === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId: id });
  return state;
}

/** What is known of a deployment now, as its result would say it. */
export function resultOf(state: DeploymentState, now: number): DeploymentResult {
  return Object.freeze({
    deploymentId: state.id,
    environment: state.plan.environment,
    phase: state.phase,
    outcome: state.outcome,
    release: state.plan.release.id,
    previousRelease: state.plan.previousRelease ?? null,
    error: state.error,
    failedStep: state.failedStep,
    attention: state.attention,
    duration: (state.endedAt ?? now) - state.createdAt,
  });
}
