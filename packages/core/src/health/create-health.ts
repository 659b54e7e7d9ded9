import type { Logger } from "../contract/call.js";
import type { ApplicationCheck } from "../contract/check.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { backgroundClock } from "../time/background-clock.js";
import { systemClock } from "../time/clock.js";
import { noRecord, record, type CheckRecord } from "./check-record.js";
import { createCheckRunner, type CheckRunner } from "./check-runner.js";
import { readDeclaration, type Declaration } from "./declaration.js";
import type { Health, HealthOptions } from "./health.js";
import { delayOf, validityOf } from "./pace.js";
import { readOptions } from "./read-options.js";
import { createSnapshots } from "./snapshots.js";
import type { CheckRun } from "./run-check.js";

interface WatchedCheck extends Declaration {
  readonly liveness: boolean;
  readonly validity: number;
  readonly runner: CheckRunner;
  record: CheckRecord;
}

interface Schedule {
  readonly startedAt: number;
  readonly controller: AbortController;
  readonly loops: Promise<void>[];
}

const silent = (): void => undefined;
const noLog: Logger = Object.freeze({ info: silent, warn: silent, error: silent });

/** Makes the health of an application. Needs nothing else of Fairlead. Throws `CHECK_NAME_TAKEN`, `CHECK_INVALID`, `CHECK_NOT_LOCAL` and `HEALTH_OPTION_INVALID`. */
export function createHealth(options: HealthOptions = {}): Health {
  const { failures, successes, startPeriod } = readOptions(options);
  const { log = noLog, release = null } = options;
  const clock = backgroundClock(options.clock ?? systemClock);
  const watched = new Map<string, WatchedCheck>();
  let schedule: Schedule | undefined;
  let stopped: Promise<unknown> = Promise.resolve();

  const register = (check: ApplicationCheck, liveness: boolean): WatchedCheck => {
    const declaration = readDeclaration(check);
    const { name } = declaration;
    if (liveness && check.kind !== "process") throw fail(coreErrors, "CHECK_NOT_LOCAL", { check: name });
    if (watched.has(name)) throw fail(coreErrors, "CHECK_NAME_TAKEN", { check: name });
    const runner = createCheckRunner(check, log, clock);
    const entry = { ...declaration, liveness, validity: validityOf(declaration), runner, record: noRecord };
    watched.set(name, entry);
    return entry;
  };
  options.checks?.forEach((check) => register(check, false));
  options.liveness?.forEach((check) => register(check, true));

  const subjects = () => [...watched.values()].map((check) => ({ ...check, overdue: check.runner.isOverdue() }));
  const snapshots = createSnapshots({ subjects, release, clock, log });

  const settle = (check: WatchedCheck, run: CheckRun, startedAt: number): void => {
    const at = clock.now();
    const rules = { failures, successes, starting: at < startedAt + startPeriod };
    check.record = record(check.record, run, { at, validity: check.validity, rules });
    snapshots.renew();
  };

  const watch = async (check: WatchedCheck, { startedAt, controller: { signal } }: Schedule): Promise<void> => {
    for (;;) {
      const run = await check.runner.ask(signal);
      if (signal.aborted) return;
      settle(check, run, startedAt);
      const delay = delayOf(check.record.judgement, { interval: check.interval, failures, random: Math.random() });
      await clock.sleep(delay, { signal }).catch(silent);
    }
  };

  const add = (check: ApplicationCheck, liveness: boolean): void => {
    const added = register(check, liveness);
    snapshots.renew();
    schedule?.loops.push(watch(added, schedule));
  };

  const health: Health = Object.freeze<Health>({
    add: (check) => add(check, false),
    addLiveness: (check) => add(check, true),
    background() {
      if (schedule !== undefined) return health;
      const begun: Schedule = { startedAt: clock.now(), controller: new AbortController(), loops: [] };
      schedule = begun;
      begun.loops.push(...[...watched.values()].map(async (check) => stopped.then(() => watch(check, begun))));
      return health;
    },
    snapshot: () => snapshots.current(),
    onChange: (listener) => snapshots.onChange(listener),
    async stop() {
      if (schedule !== undefined) {
        schedule.controller.abort();
        stopped = Promise.all(schedule.loops);
        schedule = undefined;
      }
      await stopped;
    },
    [Symbol.asyncDispose]: () => health.stop(),
  });
  return health;
}
