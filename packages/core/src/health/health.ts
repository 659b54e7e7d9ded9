import type { Logger } from "../contract/call.js";
import type { ApplicationCheck, ProcessCheck } from "../contract/check.js";
import type { Clock } from "../time/clock.js";
import type { Duration } from "../time/duration.js";
import type { HealthSnapshot } from "./snapshot.js";

export interface HealthOptions {
  /** What the application needs, and whatever else is worth asking. Names are unique. */
  readonly checks?: readonly ApplicationCheck[];
  /** Checks that may say that this process is dead and should be started anew. About this process only: a restart does not mend a dependency. They count as `checks` too. */
  readonly liveness?: readonly ProcessCheck[];
  /** The release that runs here; every answer carries it. What the environment does not name is left out. */
  readonly release?: string | undefined;
  /** After how many failures in a row a check counts as down. Default 3. */
  readonly failureThreshold?: number;
  /** After how many successes in a row what was down counts as up again. The very first one counts at once. Default 2. */
  readonly successThreshold?: number;
  /** How long after `background()` failing still means starting: what never was up is unknown, not down. Default `30s`. */
  readonly startPeriod?: Duration;
  /** Handed to the checks; told when a listener fails. Default: nobody is told. */
  readonly log?: Logger;
  readonly clock?: Clock;
}

/** Asks checks and knows the answers. Does nothing until `background()`. */
export interface Health {
  /**
   * Adds a check; while checks run, it runs at once. Until its first answer it is unknown, which is not up. Throws `CHECK_NAME_TAKEN` and `CHECK_INVALID`.
   */
  add(check: ApplicationCheck): void;
  /** Adds a check that may say that this process is dead. Throws `CHECK_NOT_LOCAL` too. */
  addLiveness(check: ProcessCheck): void;
  /**
   * Runs every check now and then on its own schedule: soon again while the answer is in doubt, more seldom while it stays down, jittered. Never two runs of one check at a time. Keeps no
   * process alive. Idempotent; returns this object.
   */
  background(): Health;
  /** What is known now: the same object until something changes. Asks nothing and never waits. */
  snapshot(): HealthSnapshot;
  /** Calls the listener when the status of the whole or of a check changes. Returns the function that removes it. */
  onChange(listener: (snapshot: HealthSnapshot, previous: HealthSnapshot) => unknown): () => void;
  /** Ends the schedule and aborts what runs; results become stale. Idempotent. `background()` begins again. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
