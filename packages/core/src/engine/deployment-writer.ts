import type { DeploymentEventData, DeploymentEventType } from "../contract/deployment-events.js";
import type { ClaimWrite, Fence, OutboxWrite, Store, StoredEvent, StreamWrite, TimerWrite } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";
import { fold, type DeploymentState, type MachineEvent } from "../machine/index.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";
import { summarize } from "./summary.js";

/** An event before it has a time and a place. */
export type DraftEvent = {
  readonly [Type in DeploymentEventType]: { readonly type: Type; readonly data: DeploymentEventData[Type] };
}[DeploymentEventType];

/** What else belongs into the commit of some events. */
export interface Companions {
  readonly streams?: readonly StreamWrite[];
  readonly claim?: ClaimWrite;
  readonly outbox?: readonly OutboxWrite[];
  readonly timers?: readonly TimerWrite[];
  /** The lease ends with this commit. */
  readonly releaseLease?: boolean;
}

export interface WriterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly application: string;
  readonly deploymentId: string;
  /** Called after each commit and each refresh that brought something new. */
  readonly onEvents: (events: readonly MachineEvent[], state: DeploymentState) => void;
  /** What goes into the same commit as these events; `after` is the state behind them. */
  readonly companions: (events: readonly DraftEvent[], after: DeploymentState) => Promise<Companions> | Companions;
}

/** The only one who appends to a deployment's journal in this process. Holds the state that the journal folds to. */
export interface DeploymentWriter {
  /** Throws `DEPLOYMENT_UNKNOWN` before anything was read or written. */
  readonly state: DeploymentState;
  /** Proof of the lease for all commits from here on. */
  setFence(fence: Fence | undefined): void;
  /**
   * Appends what `build` makes of the state, or nothing if it returns undefined. Appends wait for each other. If another process has appended meanwhile, its events are read and `build` is asked again.
   */
  append(build: (state: DeploymentState | undefined) => readonly DraftEvent[] | undefined): Promise<boolean>;
  /** Reads what others have appended. */
  refresh(): Promise<void>;
}

/** Conflicts are read and tried again this often: others append commands, never in numbers. */
const mostConflicts = 50;

export function createDeploymentWriter(options: WriterOptions): DeploymentWriter {
  const { store, clock, redactor, application, deploymentId } = options;
  const stream = streamNames.deployment(application, deploymentId);
  let head: Head = emptyHead;
  let state: DeploymentState | undefined;
  let fence: Fence | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  const read = async (): Promise<void> => {
    const stored = await store.read(stream, { after: head.version });
    if (stored.length === 0) return;
    head = verifyEvents(stream, head, stored);
    take(stored.map(toMachineEvent));
  };

  const take = (events: readonly MachineEvent[]): void => {
    state = fold(events, state);
    if (state !== undefined) options.onEvents(events, state);
  };

  const commit = async (drafts: readonly DraftEvent[]): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    const redacted = drafts.map((draft) => redactor.value(draft));
    const written = redacted.map(({ type, data }) => ({ type, at, data: data as unknown as JsonObject }));
    const events = written.map(toMachineEvent);
    const after = fold(events, state);
    if (after === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId });
    const companions = await options.companions(redacted, after);
    const sealed = sealEvents(stream, head, written);
    const changed = state?.phase !== after.phase || state.parked !== after.parked;
    const write: StreamWrite = {
      name: stream,
      expectedVersion: head.version,
      events: sealed.events,
      ...(changed ? { summary: summarize(after) } : {}),
    };
    const { releaseLease, streams, ...rest } = companions;
    await store.commit({
      streams: [write, ...(streams ?? [])],
      ...(fence === undefined ? {} : { fence: releaseLease === true ? { ...fence, release: true } : fence }),
      ...rest,
    });
    head = sealed.head;
    take(events);
  };

  return {
    get state() {
      if (state === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId });
      return state;
    },
    setFence: (next) => {
      fence = next;
    },
    refresh: () => inTurn(read),
    append: (build) =>
      inTurn(async () => {
        for (let conflicts = 0; ; conflicts += 1) {
          const drafts = build(state);
          if (drafts === undefined || drafts.length === 0) return false;
          try {
            await commit(drafts);
            return true;
          } catch (error) {
            if (!isFairleadError(error, "STORE_CONFLICT") || conflicts >= mostConflicts) throw error;
            const before = head.version;
            await read();
            // The conflict was about another stream: deciding again would decide the same.
            if (head.version === before) throw error;
          }
        }
      }),
  };
}

/** A stored event as the machine takes it. */
export function toMachineEvent({ type, at, data }: Pick<StoredEvent, "type" | "at" | "data">): MachineEvent {
  return { type, at: Date.parse(at), data } as unknown as MachineEvent;
}
