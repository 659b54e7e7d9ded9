import type { JsonObject } from "../../json/json.js";

/** What is remembered of checks, by their names. Holds no messages and no data: nothing that only some may read. */
export type RememberedChecks = Readonly<Record<string, JsonObject>>;

/** Where instances share what they know of checks. Whatever it throws, health goes on without it. */
export interface HealthMemory {
  /** What was saved last; `{}` before. */
  load(): Promise<RememberedChecks>;
  /** The right to run checks for all, which no other instance has until it is released or `ttl` milliseconds are over; `undefined` while another has it. */
  claim(ttl: number): Promise<MemoryClaim | undefined>;
}

/** The right to run checks. */
export interface MemoryClaim {
  /** Replaces what is remembered. Rejects when the right has passed to another instance. */
  save(checks: RememberedChecks): Promise<void>;
  /** Ends it. */
  release(): Promise<void>;
}
