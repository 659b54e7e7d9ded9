import type { DeploymentEvent, LogEntry } from "../../contract/deployment-events.js";

/** Keeps back what the journal is about to say itself: the engine logs an error just before it records it. */
export interface Echoes {
  /** The lines to show now: none, or this one and those kept back. */
  log(entry: LogEntry): readonly LogEntry[];
  /** The lines to show before this event. */
  event(event: DeploymentEvent): readonly LogEntry[];
  /** The lines still kept back. */
  end(): readonly LogEntry[];
}

export function createEchoes(): Echoes {
  let kept: readonly LogEntry[] = [];
  const release = (except?: (entry: LogEntry) => boolean): readonly LogEntry[] => {
    const shown = except === undefined ? kept : kept.filter((entry) => !except(entry));
    kept = [];
    return shown;
  };
  return {
    log(entry) {
      if (entry.level === "error" && entry.step !== null) {
        kept = [...kept, entry];
        return [];
      }
      return [...release(), entry];
    },
    event({ type, data }) {
      if (type !== "step.failed" && type !== "step.interrupted") return release();
      return release(({ step, message }) => step === data.step && message === data.error.message);
    },
    end: () => release(),
  };
}
