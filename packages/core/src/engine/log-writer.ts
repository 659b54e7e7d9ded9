import type { Logger } from "../contract/call.js";
import type { LogEntry } from "../contract/deployment-events.js";
import type { Store } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { emptyHead, sealEvents, streamNames, verifyEvents, type Head } from "../journal/index.js";
import type { JsonObject } from "../json/json.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";

/** The log of a deployment: lines of its steps, kept beside the journal. */
export interface StepLog {
  /** A logger whose lines belong to a step. */
  of(step: string | null): Logger;
  /** Resolves when everything so far has been written, or could not be. */
  flush(): Promise<void>;
}

/** Lines are written together at most this often, in milliseconds. */
const writeEvery = 250;

/** Lines are collected and written in the background: logging never delays a step, and a store that refuses a line never fails one. */
export function createStepLog(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly application: string;
  readonly deploymentId: string;
  readonly onEntry?: (entry: LogEntry) => void;
}): StepLog {
  const { store, clock, redactor } = options;
  const stream = streamNames.log(options.application, options.deploymentId);
  let head: Head | undefined;
  let waiting: LogEntry[] = [];
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    const entries = waiting;
    waiting = [];
    if (entries.length === 0) return;
    const event = { type: "log.written", at: new Date(clock.now()).toISOString(), data: { entries } as unknown as JsonObject };
    for (let conflicts = 0; conflicts < 5; conflicts += 1) {
      head ??= verifyEvents(stream, emptyHead, await store.read(stream));
      const sealed = sealEvents(stream, head, [event]);
      try {
        await store.commit({ streams: [{ name: stream, expectedVersion: head.version, events: sealed.events }] });
        head = sealed.head;
        return;
      } catch (error) {
        if (!isFairleadError(error, "STORE_CONFLICT")) return;
        head = undefined;
      }
    }
  };

  const schedule = (): void => {
    writing ??= clock
      .sleep(writeEvery, { background: true })
      .then(write)
      .catch(() => undefined)
      .finally(() => {
        writing = undefined;
        if (waiting.length > 0) schedule();
      });
  };

  const add = (level: LogEntry["level"], step: string | null, message: string, fields: JsonObject = {}): void => {
    const entry: LogEntry = {
      at: new Date(clock.now()).toISOString(),
      level,
      step,
      message: redactor.text(message),
      fields: redactor.value(fields),
    };
    waiting.push(entry);
    options.onEntry?.(entry);
    schedule();
  };

  return {
    of: (step) => ({
      info: (message, fields) => {
        add("info", step, message, fields);
      },
      warn: (message, fields) => {
        add("warn", step, message, fields);
      },
      error: (message, fields) => {
        add("error", step, message, fields);
      },
    }),
    flush: async () => {
      await write().catch(() => undefined);
    },
  };
}
