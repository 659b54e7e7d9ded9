import type { OutboxWrite, Store } from "../contract/store.js";
import type { ProcessIdentity } from "../contract/deployment-events.js";
import type { DeploymentState, MachineEvent } from "../machine/index.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";
import type { DraftEvent } from "./deployment-writer.js";
import type { CapabilitySource, OperationHandler } from "./operation.js";
import type { Telemetry } from "./telemetry.js";

/** What writing to the journals of an environment needs: no provider and no secret, so that every process that has the store can do it. */
export interface Recorder {
  readonly application: string;
  readonly environment: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Called with everything that is appended here or read from others. */
  readonly onEvents: (events: readonly MachineEvent[], state: DeploymentState) => void;
  /** Messages for the channels about these events, committed with them. */
  readonly notify: (events: readonly DraftEvent[], after: DeploymentState) => readonly OutboxWrite[];
}

/** What driving deployments of one environment needs. */
export interface Engine extends Recorder {
  readonly holder: ProcessIdentity;
  readonly capabilities: CapabilitySource;
  /** The handler of an operation, own steps included; `undefined` where this process does not know it. Made when it is asked for: an environment in which everything waits holds none. */
  readonly operation: (name: string) => OperationHandler | undefined;
  readonly telemetry: Telemetry;
  /** How long a lease is good for without being renewed, in milliseconds. */
  readonly leaseTtl: number;
}
