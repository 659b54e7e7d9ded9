import type { Logger } from "../contract/call.js";
import type { ApplicationCheck } from "../contract/check.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { backgroundClock } from "../time/background-clock.js";
import { systemClock } from "../time/clock.js";
import { createBackground, type Background } from "./background.js";
import { record } from "./check-record.js";
import { readGroups, requireMembers } from "./groups.js";
import type { Health, HealthOptions } from "./health.js";
import { maskedRun } from "./masked-run.js";
import { createOnDemand, type OnDemand } from "./on-demand/on-demand.js";
import { delayOf, validityOf } from "./pace.js";
import { readOptions } from "./read-options.js";
import type { CheckRun } from "./run-check.js";
import { createSnapshots } from "./snapshots.js";
import { createWatchList, type WatchedCheck } from "./watched-check.js";

const silent = (): void => undefined;
const noLog: Logger = Object.freeze({ info: silent, warn: silent, error: silent });

/** Makes the health of an application. Needs nothing else of Fairlead. Throws `CHECK_NAME_TAKEN`, `CHECK_INVALID`, `CHECK_NOT_LOCAL` and `HEALTH_OPTION_INVALID`. */
export function createHealth(options: HealthOptions = {}): Health {
  const judging = readOptions(options);
  const { log = noLog, release = null, redact } = options;
  const { clock: foreground = systemClock } = options;
  const clock = backgroundClock(foreground);
  const groups = readGroups(options.groups);
  const watched = createWatchList({ log, clock, taken: new Set(groups.keys()) });
  options.checks?.forEach((check) => watched.add(check, false));
  options.liveness?.forEach((check) => watched.add(check, true));
  requireMembers(
    groups,
    watched.all().map(({ name }) => name),
  );
  let background: Background | undefined;
  let onDemand: OnDemand | undefined;
  let startingUntil = -Infinity;
  let stopped: Promise<unknown> = Promise.resolve();

  const validity = (check: WatchedCheck): number => (onDemand === undefined ? validityOf(check) : onDemand.maxAge + check.timeout);
  const subjects = () => watched.all().map((check) => ({ ...check, validity: validity(check), overdue: check.runner.isOverdue() }));
  const snapshots = createSnapshots({ subjects, release, groups, clock, log, redact });

  const settle = (check: WatchedCheck, told: CheckRun): void => {
    const at = clock.now();
    const run = redact === undefined ? told : maskedRun(told, redact);
    const rules = { ...judging, starting: at < startingUntil };
    check.record = record(check.record, run, { at, validity: validity(check), rules });
    snapshots.renew();
  };
  const delay = ({ record: { judgement }, interval }: WatchedCheck): number =>
    delayOf(judgement, { interval, failures: judging.failures, random: Math.random() });

  const add = (check: ApplicationCheck, liveness: boolean): void => {
    const added = watched.add(check, liveness);
    snapshots.renew();
    background?.watch(added);
  };

  const health: Health = Object.freeze<Health>({
    add: (check) => add(check, false),
    addLiveness: (check) => add(check, true),
    background() {
      if (onDemand !== undefined) throw fail(coreErrors, "HEALTH_MODE_TAKEN", { mode: "onDemand" });
      if (background !== undefined) return health;
      startingUntil = clock.now() + judging.startPeriod;
      background = createBackground({ clock, after: stopped, settle, delayOf: delay });
      for (const check of watched.all()) background.watch(check);
      return health;
    },
    onDemand(given = {}) {
      if (background !== undefined) throw fail(coreErrors, "HEALTH_MODE_TAKEN", { mode: "background" });
      if (onDemand !== undefined) throw fail(coreErrors, "HEALTH_MODE_TAKEN", { mode: "onDemand" });
      startingUntil = -Infinity;
      onDemand = createOnDemand(given, { checks: () => watched.all(), settle, renew: () => snapshots.renew(), clock, foreground, log });
      return health;
    },
    refresh: (waitUntil) => onDemand?.refresh(waitUntil),
    async tick() {
      await onDemand?.tick();
      return snapshots.current();
    },
    snapshot: () => snapshots.current(),
    drain: () => snapshots.drain(),
    onChange: (listener) => snapshots.onChange(listener),
    async stop() {
      const ending = Promise.all([stopped, background?.stop(), onDemand?.stop()]);
      stopped = ending;
      background = undefined;
      onDemand = undefined;
      await ending;
    },
    [Symbol.asyncDispose]: () => health.stop(),
  });
  return health;
}
