import type { Source, Sources } from "../config/source.js";
import type { Actor } from "../contract/deployment-events.js";
import type { SerializedError } from "../errors/fairlead-error.js";

interface Requested<Environment extends string> {
  readonly environment: Environment;
  /** Of the caller: the same key gives the same request, however often it is asked for. */
  readonly key?: string;
  readonly actor?: Actor;
  readonly reason?: string;
}

/** A wish to deploy. */
export interface DeployRequest<Environment extends string = string, Component extends string = string> extends Requested<Environment> {
  readonly kind: "deploy";
  /** Images, where they are not those of the configuration: a folder is in no other process. */
  readonly source?: Sources<Component> | Source;
  /** Where the images come from: kept with the release. */
  readonly commit?: string;
  readonly branch?: string;
}

/** A wish to put a retained release back. */
export interface RollbackRequest<Environment extends string = string> extends Requested<Environment> {
  readonly kind: "rollback";
  /** Id of a retained release. Default: the newest one whose probe passes. */
  readonly to?: string;
  /** Id of the release that has to serve still; where another one does, it is refused with `ROLLBACK_SERVING_CHANGED`. Default: whatever serves. */
  readonly from?: string;
}

/** What a process asks for that does not carry it out itself. */
export type DeploymentRequest<Environment extends string = string, Component extends string = string> =
  DeployRequest<Environment, Component> | RollbackRequest<Environment>;

/** A request that is recorded. */
export interface RecordedRequest {
  /** Of the deployment that it becomes. */
  readonly id: string;
  readonly environment: string;
  /** Whether it was there already, by its key. */
  readonly joined: boolean;
  /** The worker that is there to carry it out; `null` where there is none now: it waits until one comes. */
  readonly worker: string | null;
}

/** What has become of a request. */
export interface RequestState {
  readonly id: string;
  readonly kind: DeploymentRequest["kind"];
  readonly environment: string;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly actor: string;
  readonly reason: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The deployment that it became, mostly of the same id; another one where that does the same. `null` before, and where it was refused. */
  readonly deploymentId: string | null;
  /** Why it was refused. */
  readonly error: SerializedError | null;
}
