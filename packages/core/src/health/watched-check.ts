import type { Logger } from "../contract/call.js";
import type { ApplicationCheck } from "../contract/check.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { noRecord, type CheckRecord } from "./check-record.js";
import { createCheckRunner, type CheckRunner } from "./check-runner.js";
import { readDeclaration, type Declaration } from "./declaration.js";

/** A check with what is known of it. */
export interface WatchedCheck extends Declaration {
  readonly liveness: boolean;
  readonly runner: CheckRunner;
  record: CheckRecord;
}

/** The checks of an application, in the order they came in. */
export interface WatchList {
  /** Throws `CHECK_INVALID`, `CHECK_NAME_TAKEN` and `CHECK_NOT_LOCAL`. */
  add(check: ApplicationCheck, liveness: boolean): WatchedCheck;
  all(): readonly WatchedCheck[];
}

/** `taken` are names that no check may have. */
export function createWatchList({
  log,
  clock,
  taken,
}: {
  readonly log: Logger;
  readonly clock: Clock;
  readonly taken: ReadonlySet<string>;
}): WatchList {
  const watched = new Map<string, WatchedCheck>();
  return {
    add(check, liveness) {
      const declaration = readDeclaration(check);
      const { name } = declaration;
      if (liveness && check.kind !== "process") throw fail(coreErrors, "CHECK_NOT_LOCAL", { check: name });
      if (watched.has(name) || taken.has(name)) throw fail(coreErrors, "CHECK_NAME_TAKEN", { check: name });
      const entry = { ...declaration, liveness, runner: createCheckRunner(check, log, clock), record: noRecord };
      watched.set(name, entry);
      return entry;
    },
    all: () => [...watched.values()],
  };
}
