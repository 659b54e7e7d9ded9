import type { CallOptions } from "../contract/call.js";
import type { Actor } from "../contract/deployment-events.js";
import type { Store } from "../contract/store.js";
import type { Clock } from "../time/clock.js";
import type { Drives } from "./drives.js";
import type { Environments } from "./environments.js";

/** What the commands of a deployer work with. */
export interface CommandOptions {
  readonly environments: Environments;
  readonly drives: Drives;
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  readonly call: CallOptions;
}

/** Who acts when the caller does not say. */
export const unnamedActor: Actor = Object.freeze({ name: "unknown", via: "code" });
