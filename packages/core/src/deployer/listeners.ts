import type { Logger } from "../contract/call.js";
import type { DeploymentEvent, DeploymentEventData, LogEntry } from "../contract/deployment-events.js";
import { createEventBus } from "../events/event-bus.js";
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
  /** A logger for what belongs to no deployment. */
  logger(redactor: Redactor, clock: Clock): Logger;
}

export function createListeners(): Listeners {
  const logs = createEventBus<{ line: LogLine }>(() => undefined);
  const log = (entry: LogLine): void => {
    logs.emit("line", entry);
  };
  const bus = createEventBus<EventMap>((error, event) => {
    // A broken listener is worth a line, and nothing else.
    const message = `a listener of ${event} failed: ${error instanceof Error ? error.message : String(error)}`;
    log({ at: "", level: "error", step: null, message, fields: {}, deploymentId: "" });
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
    logger(redactor, clock) {
      const add = (level: LogEntry["level"], message: string, fields: JsonObject = {}): void => {
        const entry = redactor.value({ level, step: null, message, fields });
        log({ at: new Date(clock.now()).toISOString(), deploymentId: "", ...entry });
      };
      return {
        info: (message, fields) => {
          add("info", message, fields);
        },
        warn: (message, fields) => {
          add("warn", message, fields);
        },
        error: (message, fields) => {
          add("error", message, fields);
        },
      };
    },
  };
}
