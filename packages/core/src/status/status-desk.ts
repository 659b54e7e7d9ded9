import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { createIncidentDesk, type DeskOptions, type IncidentDesk } from "./desk.js";
import { createMaintenanceDesk, type MaintenanceDesk } from "./maintenance-desk.js";
import { keepEvery } from "./leader.js";
import { toSnapshot, type StatusSnapshot } from "./snapshot.js";
import { createStatusReader } from "./status-reader.js";

/** The status page of an environment for a process that does not run it: what it says, and those who may change it. */
export interface StatusDesk extends IncidentDesk, MaintenanceDesk {
  /** What the store says now. Throws `STATUS_PAGE_UNKNOWN` where no process has declared a page yet. */
  read(): Promise<StatusSnapshot>;
}

/** Whoever runs the page may look that seldom, in milliseconds: the longest interval that is of use. */
const longestInterval = 60_000;

export function createStatusDesk(options: DeskOptions): StatusDesk {
  const reader = createStatusReader(options.store, options);
  return {
    ...createIncidentDesk(options),
    ...createMaintenanceDesk(options),
    async read() {
      const now = options.clock.now();
      const facts = await reader.read(now);
      if (facts.book.page === null) throw fail(coreErrors, "STATUS_PAGE_UNKNOWN", { environment: options.environment });
      return toSnapshot(facts, facts.book.page, { now, freshFor: keepEvery + 3 * longestInterval });
    },
  };
}
