import type { ProcessCheck } from "../../contract/check.js";
import { systemClock, type Clock } from "../../time/clock.js";
import { formatMilliseconds, type Duration } from "../../time/duration.js";
import { lengthOf } from "../declaration.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

export interface WatchdogOptions extends Omit<CheckDeclaration<"process">, "run" | "kind"> {
  /** How long there may be work without progress. */
  readonly within: Duration;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** Notices that a process has work and gets nowhere. */
export interface Watchdog {
  /** For `liveness`. */
  readonly check: ProcessCheck;
  /** There is work. Does not begin the time anew while there already was. */
  expect(): void;
  /** Some of it succeeded. */
  progress(): void;
  /** There is no more: then nothing is expected. */
  idle(): void;
}

/**
 * Makes a watchdog: `expect()` when work comes in, `progress()` for each piece that succeeds, `idle()` when nothing is left. Work that only ever fails makes no progress: that is how a process whose
 * pool is dead for good is found, without asking the database. Reason `no_progress`. Throws `CHECK_INVALID`.
 */
export function createWatchdog({ within, clock = systemClock, ...declaration }: WatchdogOptions): Watchdog {
  const longest = lengthOf(declaration.name, "within", within);
  let since: number | undefined;
  const check = defineCheck({
    ...declaration,
    kind: "process",
    run: () => {
      const waited = since === undefined ? 0 : clock.now() - since;
      if (waited <= longest) return { status: "up" };
      return { status: "down", reason: "no_progress", message: `there has been work for ${formatMilliseconds(waited)}, and no progress` };
    },
  });
  return Object.freeze<Watchdog>({
    check,
    expect: () => {
      since ??= clock.now();
    },
    progress: () => {
      if (since !== undefined) since = clock.now();
    },
    idle: () => {
      since = undefined;
    },
  });
}
