import type { Logger } from "../../contract/call.js";
import type { Clock } from "../../time/clock.js";
import { withDeadline } from "../../time/deadline.js";
import { isStale, type CheckRecord } from "../check-record.js";
import { describeFailure } from "../failure.js";
import { readLength } from "../read-options.js";
import type { CheckRun } from "../run-check.js";
import type { WatchedCheck } from "../watched-check.js";
import type { HealthMemory, MemoryClaim, RememberedChecks } from "./memory.js";
import type { OnDemandOptions, WaitUntil } from "./options.js";
import { fromRemembered, toRemembered } from "./remembered.js";

/** Runs checks when somebody asks. */
export interface OnDemand {
  /** In milliseconds. */
  readonly maxAge: number;
  refresh(waitUntil?: WaitUntil): Promise<void> | undefined;
  /** Resolves when all that was due is known. */
  tick(): Promise<void>;
  /** Aborts what runs. */
  stop(): Promise<void>;
}

/** A run that took so much longer than it may, in milliseconds, was not slow: its process was stopped. What it says is about nothing. */
const suspended = 1_000;
/** How long the memory may take to answer, in milliseconds. */
const memoryWithin = 1_000;
/** Requests that come within this of each other come together, in milliseconds: between others the process may have been stopped. */
const together = 100;
/** How soon an instance looks again whether another one is done, in milliseconds: at first and at most. */
const lookAgain = { first: 20, most: 500 };

interface Source {
  readonly checks: () => readonly WatchedCheck[];
  readonly settle: (check: WatchedCheck, run: CheckRun) => void;
  /** Told when records have come from elsewhere. */
  readonly renew: () => void;
  readonly clock: Clock;
  /** The same time, for those who wait for an answer: a process does not end before it. */
  readonly foreground: Clock;
  readonly log: Logger;
}

/** Throws `HEALTH_OPTION_INVALID`. */
export function createOnDemand(options: OnDemandOptions, { checks, settle, renew, clock, foreground, log }: Source): OnDemand {
  const { memory, waitUntil: always } = options;
  // What is never fresh would be run over and over.
  const maxAge = readLength("maxAge", options.maxAge ?? "10s", 1);
  const budget = readLength("budget", options.budget ?? "30ms");
  const controller = new AbortController();
  const { signal } = controller;
  let running: Promise<void> | undefined;
  /** When all who wait are answered, and when the last of them asked. */
  let [answerAt, askedAt] = [-Infinity, -Infinity];

  const isDue = ({ record: { last } }: WatchedCheck): boolean => last === null || clock.now() >= last.at + maxAge || clock.now() < last.at;
  const due = (): readonly WatchedCheck[] => checks().filter(isDue);

  /** Whether an answer may gain by waiting for it: not for what took longer than the budget the last time, unless nothing is known of it any more; and never for what hangs. */
  const isWorthWaiting = ({ record: last, timeout }: WatchedCheck): boolean => {
    if (last.last === null || last.last.run.latency <= budget) return true;
    return last.last.run.reason !== "timeout" && isStale(last, maxAge + timeout, clock.now());
  };
  const isWaitedFor = (): boolean => due().some(isWorthWaiting);
  const waiters = new Set<() => void>();
  const tellWaiters = (): void => {
    for (const tell of waiters) tell();
  };

  const runDue = async (afterEach: () => void): Promise<void> => {
    await Promise.all(
      due().map(async (check) => {
        const begun = clock.now();
        const run = await check.runner.ask(signal);
        if (signal.aborted || clock.now() - begun > check.timeout + suspended) return;
        settle(check, run);
        afterEach();
        tellWaiters();
      }),
    );
  };

  const soon = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const until = clock.now() + memoryWithin + suspended;
    const reason = (): Error => (clock.now() > until ? wasStopped() : new DOMException("it gives no answer", "TimeoutError"));
    return withDeadline(clock, { milliseconds: memoryWithin, signal, reason }, work);
  };

  const recall = async (shared: HealthMemory): Promise<void> => take(await soon(() => shared.load()));

  const take = (remembered: RememberedChecks): void => {
    let isNew = false;
    for (const check of checks()) {
      const record = fromRemembered(remembered[check.name], clock.now());
      if (record === undefined || isOlder(record, check.record)) continue;
      check.record = record;
      isNew = true;
    }
    if (!isNew) return;
    renew();
    tellWaiters();
  };

  const runFor = async (claim: MemoryClaim): Promise<void> => {
    const remembered = () => Object.fromEntries(checks().map(({ name, record }) => [name, toRemembered(record)]));
    const keeper = createKeeper(() => soon(() => claim.save(remembered())));
    await runDue(keeper.keep);
    await keeper.done();
    await soon(() => claim.release());
  };

  const runShared = async (shared: HealthMemory): Promise<void> => {
    // Not before a holder that was stopped in the middle could have asked a second time anyway.
    const ttl = Math.max(maxAge, ...checks().map(({ timeout }) => timeout + 2 * suspended));
    for (let pause = lookAgain.first; ; pause = Math.min(lookAgain.most, pause * 2)) {
      await recall(shared);
      if (due().length === 0) return;
      const until = clock.now() + ttl;
      const claim = await soon(() => shared.claim(ttl));
      if (claim !== undefined) await recall(shared);
      // It may be over, where the process was stopped meanwhile: then another has run what was due.
      if (claim !== undefined && clock.now() < until) {
        await runFor(claim);
        return;
      }
      await clock.sleep(pause, { signal });
    }
  };

  /** Asks for itself only after the memory has failed twice in a row: one of the two may have been a short stop of the process. */
  const run = async (): Promise<void> => {
    if (memory === undefined) return runDue(() => undefined);
    for (let failures = 0; ;) {
      try {
        await runShared(memory);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (isStop(error)) continue;
        failures += 1;
        if (failures < 2) continue;
        log.warn("what instances know of checks cannot be shared; this one asks for itself", { message: describeFailure(error).message });
        return runDue(() => undefined);
      }
    }
  };

  const begin = (): Promise<void> =>
    (running ??= run().finally(() => {
      running = undefined;
      tellWaiters();
    }));

  const wait = (until: number): Promise<void> =>
    new Promise((resolve) => {
      const over = new AbortController();
      const end = (): void => {
        waiters.delete(look);
        over.abort("over");
        resolve();
      };
      const look = (): void => {
        if (signal.aborted || !isWaitedFor()) end();
        // Again: what ran may have been begun before the process was stopped, and said nothing.
        else void begin();
      };
      waiters.add(look);
      foreground.sleep(Math.min(budget, Math.max(0, until - clock.now())), { signal: over.signal }).then(end, () => undefined);
    });

  /** A host that does not take the work leaves it to go on as long as it lets the process run, as where it has no `waitUntil`. */
  const handOver = (work: Promise<void>, waitUntil: WaitUntil | undefined): void => {
    try {
      waitUntil?.(work);
    } catch (error) {
      log.warn("waitUntil has failed; checks go on without it", { message: describeFailure(error).message });
    }
  };

  /** Whether an answer may wait: no longer than the first of those that come together, or the last of many would come late. */
  const mayWait = (now: number): boolean => {
    const isFirst = running === undefined || now >= askedAt + together || now < askedAt;
    if (isFirst) answerAt = now + budget;
    askedAt = now;
    return now < answerAt;
  };

  return {
    maxAge,
    refresh(waitUntil = always) {
      if (signal.aborted || due().length === 0) return undefined;
      // What checks and memory need of the processor before they wait for anything is time of the answer as well: the first time they load what they are made of.
      const isPatient = mayWait(clock.now());
      const work = begin();
      handOver(work, waitUntil);
      return isPatient && isWaitedFor() ? wait(answerAt) : undefined;
    },
    tick: () => (signal.aborted || due().length === 0 ? Promise.resolve() : begin()),
    async stop() {
      controller.abort();
      tellWaiters();
      await running;
    },
  };
}

function isOlder({ last }: CheckRecord, other: CheckRecord): boolean {
  return (last?.at ?? -Infinity) <= (other.last?.at ?? -Infinity);
}

/** Not the memory was silent: the process was stopped while it waited. */
function wasStopped(): Error {
  return new DOMException("the process was stopped", "AbortError");
}

function isStop(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError" && error.message === "the process was stopped";
}

/** Saves what there is, one after the other; what becomes new meanwhile goes with the next. */
function createKeeper(save: () => Promise<void>): { readonly keep: () => void; readonly done: () => Promise<void> } {
  let isNew = false;
  let saving: Promise<void> = Promise.resolve();
  return {
    keep() {
      if (isNew) return;
      isNew = true;
      saving = saving.then(async () => {
        isNew = false;
        await save();
      });
      saving.catch(() => undefined);
    },
    done: () => saving,
  };
}
