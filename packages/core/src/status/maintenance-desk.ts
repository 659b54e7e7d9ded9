import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { StatusBook } from "./book.js";
import { record, type DeskOptions } from "./desk.js";
import { requireComponents, requireInput, requireText, requireTime, requireWord } from "./inputs.js";
import { statusOf, type Maintenance } from "./maintenance.js";
import { statusId } from "./status-id.js";

export interface ScheduleMaintenanceInput {
  readonly title: string;
  readonly body: string;
  readonly components?: readonly string[];
  /** ISO 8601. It begins by itself. */
  readonly from: string;
  /** ISO 8601. It ends by itself. */
  readonly until: string;
  /** Of the caller: scheduling with it again, while it is not over, gives the one that is there. */
  readonly key?: string;
  readonly actor?: string;
}

export interface UpdateMaintenanceInput {
  readonly id: string;
  readonly body: string;
  /** Another beginning or end, ISO 8601. To end it now, give now. Default: as it is. */
  readonly from?: string;
  readonly until?: string;
  readonly actor?: string;
}

/** Maintenance by hand. Everything is checked before anything is recorded. */
export interface MaintenanceDesk {
  /** Throws `STATUS_INPUT_INVALID` and `STATUS_COMPONENT_UNKNOWN`. */
  scheduleMaintenance(input: ScheduleMaintenanceInput): Promise<Maintenance>;
  /** Throws `MAINTENANCE_UNKNOWN`, `MAINTENANCE_OVER` and `STATUS_INPUT_INVALID`. */
  updateMaintenance(input: UpdateMaintenanceInput): Promise<Maintenance>;
  /** Ends one that goes on, now. Throws what `updateMaintenance` does. */
  completeMaintenance(input: { readonly id: string; readonly body: string; readonly actor?: string }): Promise<Maintenance>;
  /** Takes one from the page. Throws `MAINTENANCE_UNKNOWN`, and `MAINTENANCE_OVER` for one that has been. */
  cancelMaintenance(input: { readonly id: string; readonly actor?: string }): Promise<void>;
}

export function createMaintenanceDesk(options: DeskOptions): MaintenanceDesk {
  const { clock, redact } = options;

  const change = async (input: UpdateMaintenanceInput): Promise<Maintenance> => {
    requireInput(input);
    const { id, body, from, until, actor = null } = input;
    requireWord("actor", actor);
    requireText("body", body, 10_000);
    const book = await record(options, (before) => {
      const maintenance = changeable(before, id, clock.now());
      const times = requireSpan(from ?? maintenance.from, until ?? maintenance.until);
      return [{ type: "maintenance.updated", data: { id, body: redact(body), ...times, actor } }];
    });
    return maintenanceOf(book, id);
  };

  return {
    async scheduleMaintenance(input: ScheduleMaintenanceInput) {
      requireInput(input);
      const { title, body, components = [], from, until, key = null, actor = null } = input;
      requireWord("key", key);
      requireWord("actor", actor);
      requireText("title", title, 200);
      requireText("body", body, 10_000);
      const times = requireSpan(from, until);
      if (Date.parse(times.until) <= clock.now())
        throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "until", problem: `has passed already: ${until}.` });
      let found = "";
      const book = await record(options, (before) => {
        requireComponents(components, before);
        const there = before.maintenances.find((one) => key !== null && one.key === key && statusOf(one, clock.now()) !== "completed");
        found = there?.id ?? statusId("maintenance", before.head.hash, title);
        const data = { id: found, title: redact(title), body: redact(body), components, ...times, actor, key };
        return there === undefined ? [{ type: "maintenance.scheduled", data }] : [];
      });
      return maintenanceOf(book, found);
    },
    updateMaintenance: change,
    completeMaintenance: (input) => change({ ...input, until: new Date(clock.now()).toISOString() }),
    async cancelMaintenance(input) {
      requireInput(input);
      const { id, actor } = input;
      requireWord("actor", actor);
      await record(options, (before) => {
        changeable(before, id, clock.now());
        return [{ type: "maintenance.cancelled", data: { id, actor: actor ?? null } }];
      });
    },
  };
}

function maintenanceOf({ maintenances }: StatusBook, id: string): Maintenance {
  const found = maintenances.find((maintenance) => maintenance.id === id);
  if (found === undefined) throw fail(coreErrors, "MAINTENANCE_UNKNOWN", { maintenance: id });
  return found;
}

function changeable(book: StatusBook, id: string, now: number): Maintenance {
  const maintenance = maintenanceOf(book, id);
  if (statusOf(maintenance, now) === "completed") throw fail(coreErrors, "MAINTENANCE_OVER", { maintenance: id });
  return maintenance;
}

/** The two times in one form. */
function requireSpan(from: string, until: string): { readonly from: string; readonly until: string } {
  const [begin, end] = [requireTime("from", from), requireTime("until", until)];
  if (end < begin)
    throw fail(coreErrors, "STATUS_INPUT_INVALID", { field: "until", problem: `is before its beginning: ${until} and ${from}.` });
  return { from: new Date(begin).toISOString(), until: new Date(end).toISOString() };
}
