import type { DeploymentEvent, LogEntry } from "../contract/deployment-events.js";
import type { SerializedError } from "../errors/fairlead-error.js";
import type { DeploymentState, Phase } from "../machine/index.js";

/** How a deployment ended, or that a person has to decide. A failed deployment is a value, never an exception. */
export interface DeploymentResult {
  readonly deploymentId: string;
  readonly environment: string;
  readonly phase: Phase;
  readonly outcome: DeploymentState["outcome"];
  readonly release: string;
  /** Id of the release that served before, as the journal said; `null` where there was none. */
  readonly previousRelease: string | null;
  readonly error: SerializedError | null;
  readonly failedStep: string | null;
  readonly attention: DeploymentState["attention"];
  /** In milliseconds. */
  readonly duration: number;
}

/** A deployment that is recorded. Any number of readers, in any process. */
export interface Deployment {
  readonly id: string;
  readonly environment: string;
  /** Whether `deploy` found this one already there (same key, or the same plan under way). */
  readonly joined: boolean;
  /** What is known now, from the journal. */
  state(): Promise<DeploymentState>;
  /** All events from the first, then those that come, until it has ended or needs attention. */
  events(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncIterable<DeploymentEvent>;
  /** Lines of its log behind the first `after`, then those that come, each read once. Goes on until the signal aborts, with whose reason it then rejects. */
  lines(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncIterable<LogEntry>;
  /** Resolves when it has ended or needs attention. */
  result(options?: { readonly signal?: AbortSignal }): Promise<DeploymentResult>;
}
