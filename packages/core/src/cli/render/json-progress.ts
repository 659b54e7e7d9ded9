import type { Output } from "../output.js";
import type { Progress } from "./progress.js";

/** For programs: every event and line as it is. */
export function createJsonProgress({ record }: Output): Progress {
  return {
    waiting: () => undefined,
    resume: () => undefined,
    event: (event) => {
      record("event", { event });
    },
    log: (entry, deploymentId) => {
      record("log", { deploymentId, entry });
    },
    notice: (message) => {
      record("notice", { message });
    },
    stop: () => undefined,
  };
}
