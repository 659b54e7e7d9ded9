import type { Duration } from "../../time/duration.js";
import type { HealthMemory } from "./memory.js";

/** Takes work that goes on after the answer, as hosts hand it to a request: `context.waitUntil` of Vercel and Cloudflare. */
export type WaitUntil = (work: Promise<unknown>) => void;

export interface OnDemandOptions {
  /** How old a result may be before somebody who asks has it run again. Default `10s`. */
  readonly maxAge?: Duration;
  /** Most that an answer waits for runs. Requests that come meanwhile are answered with the first, not later: what else an answer takes on a busy machine shall have room in 100 ms. Default `30ms`. */
  readonly budget?: Duration;
  /** Default: runs that the answer did not wait for go on as long as the host lets the process run. */
  readonly waitUntil?: WaitUntil;
  /** Where instances share what they know, so that each check runs once in `maxAge` for all of them, and a new instance knows what others do. Default: each asks for itself. */
  readonly memory?: HealthMemory;
}
