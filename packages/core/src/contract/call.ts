import type { Actor } from "./deployment-events.js";
import type { JsonObject } from "../json/json.js";

/** Where a capability says what it does. Redacted, kept with the deployment, shown by `logs`. Never throws, never waits. */
export interface Logger {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** What every call to a capability is given. */
export interface CallOptions {
  /** Aborts at the deadline of the call, or when the caller no longer wants the answer. Honour it: nothing may take effect after it aborted. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What a call that acts for a deployment is given. */
export interface DeploymentCall extends CallOptions {
  readonly environment: string;
  readonly deploymentId: string;
  /** Who asked for the deployment. */
  readonly actor?: Actor;
  /** The same for every attempt of one step, also to take it back, and for no other step: it names the effect. Hand it to the provider, or look by it before acting. */
  readonly idempotencyKey: string;
}
