import type { Logger } from "../contract/call.js";
import type { Status } from "../status/index.js";
import type { Clock } from "../time/clock.js";
import type { AccessOptions } from "./access.js";
import type { AnsweringHealth } from "./health-respond.js";
import type { RateLimitOptions } from "./rate-limit.js";

export interface HttpOptions extends AccessOptions {
  /** Answers at `<basePath>/health`, and below it. Default: not there. */
  readonly health?: AnsweringHealth;
  /** Answers at `<basePath>/status`, with the documents of Statuspage at `<basePath>/v2`, and with a page and feeds at `/status`. Default: not there. */
  readonly status?: Status;
  /** Where everything but pages answers. Default `/api`. */
  readonly basePath?: string;
  /** How many requests of one identity are answered in a minute; `false`: any number. Default 600 that read and 60 that do something. */
  readonly rateLimit?: RateLimitOptions | false;
  /** Most bytes of a body. Default 65,536. */
  readonly bodyLimit?: number;
  /** Told why something could not be answered. Default: nobody is told. */
  readonly log?: Logger;
  readonly clock?: Clock;
}
