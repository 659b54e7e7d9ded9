import type { DeploymentEventData, DeploymentEventType } from "../contract/deployment-events.js";
import type {
  ClaimWrite,
  Fence,
  NewEvent,
  OutboxWrite,
  Store,
  StoreCommit,
  StoredEvent,
  StreamWrite,
  TimerWrite,
} from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";
import { accountOf, emptyAccount, type Account } from "../history/index.js";
import type { DeploymentState, MachineEvent } from "../machine/index.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";
import { patiently } from "./patience.js";
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
  /**
   * Proof of the lease for all commits from here on. With one, a store that does not answer is asked again for a minute, or until the signal aborts: the store itself refuses what comes after
   * another holder. Without one nobody waits longer than the store does.
   */
  setFence(fence: Fence | undefined, signal?: AbortSignal): void;
  /**
   * Appends what `build` makes of the state, or nothing if it returns undefined. Appends wait for each other. If another process has appended meanwhile, its events are read and `build` is asked again.
   * A commit whose answer was lost is found again, and is not made twice.
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
  let account: Account = emptyAccount;
  let state: DeploymentState | undefined;
  let fence: Fence | undefined;
  let given: AbortSignal | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  const insist = <Result>(work: (again: boolean) => Promise<Result>): Promise<Result> =>
    fence === undefined ? work(false) : patiently({ clock, signal: given }, work);

  const read = async (): Promise<void> => {
    const stored = await insist(() => store.read(stream, { after: head.version }));
    if (stored.length === 0) return;
    head = verifyEvents(stream, head, stored);
    const events = stored.map(toMachineEvent);
    take(events, accountOf(events, account));
  };

  const take = (events: readonly MachineEvent[], after: Account): void => {
    account = after;
    ({ state } = account);
    if (state !== undefined) options.onEvents(events, state);
  };

  /** Whether these events are in the journal already. Nobody else's are: their hashes cover all that is before them, and who wrote them. */
  const isWritten = async (events: readonly NewEvent[]): Promise<boolean> => {
    const stored = await store.read(stream, { after: head.version, limit: events.length });
    return stored.length === events.length && stored.every(({ hash }, index) => hash === events[index]?.hash);
  };

  /** The very same each time: whichever of them the store makes, it makes no other. */
  const make = (change: StoreCommit, events: readonly NewEvent[]): Promise<void> =>
    insist(async (again) => {
      try {
        await store.commit(change);
      } catch (error) {
        if (!again || isFairleadError(error, "STORE_UNAVAILABLE") || !(await isWritten(events))) throw error;
      }
    });

  const commit = async (drafts: readonly DraftEvent[]): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    const redacted = drafts.map((draft) => redactor.value(draft));
    const written = redacted.map(({ type, data }) => ({ type, at, data: data as unknown as JsonObject }));
    const events = written.map(toMachineEvent);
    const accountAfter = accountOf(events, account);
    const { state: after } = accountAfter;
    if (after === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId });
    const companions = await insist(async () => options.companions(redacted, after));
    const sealed = sealEvents(stream, head, written);
    const changed = state?.phase !== after.phase || state.parked !== after.parked;
    const write: StreamWrite = {
      name: stream,
      expectedVersion: head.version,
      events: sealed.events,
      ...(changed ? { summary: summarize(after, accountAfter) } : {}),
    };
    const { releaseLease, streams, ...rest } = companions;
    const change: StoreCommit = {
      streams: [write, ...(streams ?? [])],
      ...(fence === undefined ? {} : { fence: releaseLease === true ? { ...fence, release: true } : fence }),
      ...rest,
    };
    await make(change, sealed.events);
    head = sealed.head;
    take(events, accountAfter);
  };

  return {
    get state() {
      if (state === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId });
      return state;
    },
    setFence: (next, signal) => {
      fence = next;
      given = signal;
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
            // The conflict was about another stream. Until it is claimed what was planned is out of date; afterwards what goes with the events is made anew.
            if (head.version === before && state?.claimed !== true) throw error;
          }
        }
      }),
  };
}

/** A stored event as the machine takes it. */
export function toMachineEvent({ type, at, data }: Pick<StoredEvent, "type" | "at" | "data">): MachineEvent {
  return { type, at: Date.parse(at), data } as unknown as MachineEvent;
}
