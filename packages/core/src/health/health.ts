import type { Logger } from "../contract/call.js";
import type { ApplicationCheck, ProcessCheck } from "../contract/check.js";
import type { Clock } from "../time/clock.js";
import type { Duration } from "../time/duration.js";
import type { OnDemandOptions, WaitUntil } from "./on-demand/options.js";
import type { HealthSnapshot } from "./snapshot.js";

export interface HealthOptions {
  /** What the application needs, and whatever else is worth asking. Names are unique. */
  readonly checks?: readonly ApplicationCheck[];
  /** Checks that may say that this process is dead and should be started anew. About this process only: a restart does not mend a dependency. They count as `checks` too. */
  readonly liveness?: readonly ProcessCheck[];
  /** Checks that are looked at together, by the name of their group: `{ checkout: ["database", "payments"] }`. They are answered by that name, and count for the whole as ever. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** The release that runs here; every answer carries it. What the environment does not name is left out. */
  readonly release?: string | undefined;
  /** After how many failures in a row a check counts as down. Default 3. */
  readonly failureThreshold?: number;
  /** After how many successes in a row what was down counts as up again. The very first one counts at once. Default 2. */
  readonly successThreshold?: number;
  /** For how long failures in a row must have lasted besides, from the first to the last, before a check counts as down. Default `0s`. */
  readonly failureDuration?: Duration;
  /** For how long successes in a row must have lasted besides, before what was down counts as up again. Default `0s`. */
  readonly successDuration?: Duration;
  /** How long after `background()` failing still means starting: what never was up is unknown, not down. Default `30s`. */
  readonly startPeriod?: Duration;
  /**
   * Takes secrets out of what checks say, before anybody reads it: messages, hints, data, and codes. A deployer's is `deployer.redact`, which `createHttp` uses by itself. Default: nothing is taken out.
   */
  readonly redact?: (text: string) => string;
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
   * process alive. Idempotent; returns this object. Throws `HEALTH_MODE_TAKEN` after `onDemand()`.
   */
  background(): Health;
  /**
   * Runs checks when somebody asks and what is known is old: for hosts that stop a process between requests, where nothing could run in the background. Neither starts a check nor
   * asks a memory before that, so that a build may load it. Throws `HEALTH_MODE_TAKEN` while checks run in the background, and `HEALTH_OPTION_INVALID`. Returns this object.
   */
  onDemand(options?: OnDemandOptions): Health;
  /**
   * On demand: runs what is older than `maxAge` and resolves when that is known, at the latest after the budget; `undefined` when there is nothing to wait for: when all is fresh, when what is due is known to hang, and always in the background.
   * Call it before `snapshot()` in a request; Fairlead's handlers do. Never rejects. What is not done by then goes on, and is handed to `waitUntil`, of this request or of the options.
   */
  refresh(waitUntil?: WaitUntil): Promise<void> | undefined;
  /** On demand: runs what is older than `maxAge`, and resolves when all of it is known: for a cron job that keeps results fresh. In the background it only reads. Never rejects. */
  tick(): Promise<HealthSnapshot>;
  /** What is known now: the same object until something changes. Asks nothing and never waits. */
  snapshot(): HealthSnapshot;
  /** From now on it is not ready, whatever the checks say; it stays as live as it was. For good: a process drains once, before it ends. Idempotent. */
  drain(): void;
  /** Calls the listener when the status of the whole or of a check changes, whether it is ready, or whether it drains. Returns the function that removes it. */
  onChange(listener: (snapshot: HealthSnapshot, previous: HealthSnapshot) => unknown): () => void;
  /** Ends the schedule, or running on demand, and aborts what runs; results become stale. Idempotent. `background()` or `onDemand()` begins again. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
