import type { SerializedError } from "../errors/fairlead-error.js";
import type { JsonObject } from "../json/json.js";
import type { Actor } from "./deployment-events.js";

/** Data of the events of a request, by name. A request is what a process asks for that carries nothing out itself. */
export interface RequestEventData {
  /** Somebody asks for a deployment or a rollback, which a worker is to carry out. */
  "request.created": {
    /** Of the deployment that it becomes. */
    readonly id: string;
    readonly kind: "deploy" | "rollback";
    readonly environment: string;
    /** Images, where they are not those of the configuration. */
    readonly source?: JsonObject;
    readonly commit?: string;
    readonly branch?: string;
    /** Of a rollback: id of the release that is to serve again. */
    readonly to?: string;
    /** Of a rollback: id of the release that has to serve still. */
    readonly from?: string;
    /** What the caller called it, so that asking again finds it. */
    readonly key?: string;
    readonly actor: Actor;
    readonly reason?: string;
  };
  /** A worker has carried it out, or says why it cannot be. */
  "request.settled": {
    /** The deployment that it became, mostly of the same id. */
    readonly deploymentId?: string;
    /** Why it was refused. */
    readonly error?: SerializedError;
  };
}
