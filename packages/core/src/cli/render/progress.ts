import type { DeploymentEvent, LogEntry } from "../../contract/deployment-events.js";
import type { DeploymentState } from "../../machine/index.js";
import type { Clock } from "../../time/clock.js";
import type { Output } from "../output.js";
import { createEventLines } from "./event-lines.js";
import { createJsonProgress } from "./json-progress.js";
import { createLiveProgress } from "./live-progress.js";

/** Tells how a deployment comes along while it is under way. */
export interface Progress {
  /** What is being waited for before there are events. */
  waiting(what: string): void;
  /** The deployment has been going on for a while: what came before is not told again. */
  resume(state: DeploymentState): void;
  event(event: DeploymentEvent): void;
  log(entry: LogEntry, deploymentId: string): void;
  /** Something the command line itself has to say. */
  notice(text: string): void;
  /** Nothing moves any more. Idempotent. */
  stop(): void;
}

/** `hint`: what a person who watches can do. */
export function createProgress(output: Output, clock: Clock, hint: () => string): Progress {
  if (output.json) return createJsonProgress(output);
  return output.live ? createLiveProgress(output, clock, hint) : createEventLines(output, clock);
}
