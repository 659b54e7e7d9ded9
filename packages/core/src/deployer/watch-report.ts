import type { Store } from "../contract/store.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { createStatusDesk } from "../status/status-desk.js";
import type { Clock } from "../time/clock.js";
import type { CheckReport } from "./types.js";

/** What `doctor` says where an environment has a status page that nobody keeps up to date any more: ticks, or the processes with a background, have stopped. */
export async function watchReports(options: {
  readonly application: string;
  readonly environment: string;
  readonly store: Store;
  readonly clock: Clock;
}): Promise<readonly CheckReport[]> {
  try {
    const { stale, updatedAt } = await createStatusDesk({ ...options, channels: [], redact: (text) => text }).read();
    return stale ? [stoppedReport(updatedAt)] : [];
  } catch (error) {
    if (isFairleadError(error, "STATUS_PAGE_UNKNOWN")) return [];
    throw error;
  }
}

function stoppedReport(updatedAt: string): CheckReport {
  return {
    name: "ticks",
    provider: "status page",
    critical: false,
    status: "degraded",
    reason: "ticks_stopped",
    message: `nobody has kept the status page up to date since ${updatedAt}`,
    hint: "Let a cron job ask `GET /api/fairlead/tick`, or call `background()` of the status in a process that stays.",
    latency: 0,
  };
}
