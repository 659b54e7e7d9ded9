import type { Logger } from "../contract/call.js";
import type { DeploymentEvent, DeploymentEventData, LogEntry } from "../contract/deployment-events.js";
import { createEventBus } from "../events/event-bus.js";
import { serializeError } from "../errors/fairlead-error.js";
import type { JsonObject } from "../json/json.js";
import type { DeploymentState, MachineEvent } from "../machine/index.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";
import { toDeploymentEvents } from "./deployment-event.js";
import type { Deployer } from "./types.js";

type EventMap = { readonly [Type in keyof DeploymentEventData]: DeploymentEvent<Type> };
type LogLine = LogEntry & { readonly deploymentId: string };

/** Who listens to a deployer. */
export interface Listeners extends Pick<Deployer, "on" | "onAny" | "onLog"> {
  emit(events: readonly MachineEvent[], state: DeploymentState): void;
  log(entry: LogLine): void;
  /** For what belongs to no deployment. */
  readonly logger: Logger;
}

export function createListeners(redactor: Redactor, clock: Clock): Listeners {
  const logs = createEventBus<{ line: LogLine }>(() => undefined);
  const log = (entry: LogLine): void => {
    logs.emit("line", entry);
  };
  const logAt =
    (level: LogEntry["level"]) =>
    (message: string, fields: JsonObject = {}): void => {
      log({ at: new Date(clock.now()).toISOString(), deploymentId: "", ...redactor.value({ level, step: null, message, fields }) });
    };
  const logger: Logger = { info: logAt("info"), warn: logAt("warn"), error: logAt("error") };
  const bus = createEventBus<EventMap>((error, event) => {
    // A broken listener is worth a line, and nothing else.
    logger.error(`a listener of ${event} failed: ${serializeError(error).message}`);
  });
  return {
    on: (type, listener) => bus.on(type, listener),
    onAny: (listener) => bus.onAny(listener),
    onLog: (listener) => logs.on("line", listener),
    emit(events, state) {
      if (!events.some(({ type }) => bus.hears(type))) return;
      const stored = events.map(({ type, at, data }, index) => ({
        type,
        at: new Date(at).toISOString(),
        data: data as unknown as JsonObject,
        version: state.version - events.length + index + 1,
      }));
      for (const event of toDeploymentEvents(stored, state)) bus.emit(event.type, event);
    },
    log,
    logger,
  };
}
