import { impacts, type ComponentStatus, type Impact } from "./component-status.js";

/** The status of a whole page: as Statuspage says it, and in one word. */
export interface RollUp {
  readonly indicator: Impact | "maintenance";
  /** A phrase for people. */
  readonly description: string;
  readonly status: "operational" | "degraded" | "outage";
}

const wellness = { none: "operational", maintenance: "operational", minor: "degraded", major: "outage", critical: "outage" } as const;

function rollUp(indicator: RollUp["indicator"], description: string): RollUp {
  return Object.freeze({ indicator, description, status: wellness[indicator] });
}

const allWell = rollUp("none", "All Systems Operational");
const maintenance = rollUp("maintenance", "Service Under Maintenance");
const majorOutage = rollUp("critical", "Major System Outage");
const partialOutage = rollUp("major", "Partial System Outage");
const minorOutage = rollUp("minor", "Minor Service Outage");

const ofOne: Readonly<Record<ComponentStatus, RollUp>> = {
  operational: allWell,
  under_maintenance: maintenance,
  degraded_performance: rollUp("minor", "Partially Degraded Service"),
  partial_outage: partialOutage,
  major_outage: majorOutage,
};

const ofNone: Readonly<Record<Impact, RollUp>> = { none: allWell, minor: minorOutage, major: partialOutage, critical: majorOutage };

/** The status of the page, by the table of Statuspage: of its components without groups, or, where it has none, of the incidents that are open. */
export function rollUpOf(statuses: readonly ComponentStatus[], openImpacts: readonly Impact[] = []): RollUp {
  const [first, ...others] = statuses;
  if (first === undefined) return ofNone[impacts.findLast((impact) => openImpacts.includes(impact)) ?? "none"];
  return others.length === 0 ? ofOne[first] : ofSeveral(statuses);
}

function ofSeveral(statuses: readonly ComponentStatus[]): RollUp {
  const any = (wanted: ComponentStatus): boolean => statuses.includes(wanted);
  const all = (wanted: ComponentStatus): boolean => statuses.every((status) => status === wanted);
  if (all("major_outage")) return majorOutage;
  if (any("major_outage") || all("partial_outage")) return partialOutage;
  if (any("partial_outage")) return minorOutage;
  if (all("degraded_performance")) return rollUp("minor", "Degraded System Service");
  if (any("degraded_performance")) return ofOne.degraded_performance;
  return any("under_maintenance") ? maintenance : allWell;
}
