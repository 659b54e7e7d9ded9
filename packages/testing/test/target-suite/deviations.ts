import type { ComponentRole, Duration } from "@fairlead/core";
import type { TargetCase } from "../../src/conformance/target-suite.js";
import { apartDeviations } from "./apart-deviations.js";
import type { Deviation } from "./fake-subject.js";
import { lifeDeviations } from "./life-deviations.js";
import { observeDeviations } from "./observe-deviations.js";
import { prepareDeviations } from "./prepare-deviations.js";
import { promoteDeviations } from "./promote-deviations.js";
import { sourceDeviations } from "./source-deviations.js";

/** A target that differs from the good one in one behaviour, and the cases that must notice. */
export interface Deviating {
  readonly deviation: Deviation;
  /** Of what it deploys: folders are `web`, images are `worker`. Default `web`. */
  readonly role?: ComponentRole;
  /** How long a candidate is in the making. Default `10ms`. */
  readonly prepare?: Duration;
  readonly fails: readonly TargetCase[];
}

export const deviations: Readonly<Record<string, Deviating>> = {
  ...sourceDeviations,
  ...prepareDeviations,
  ...observeDeviations,
  ...promoteDeviations,
  ...lifeDeviations,
  ...apartDeviations,
};
