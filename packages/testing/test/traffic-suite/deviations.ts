import type { TrafficAbilities } from "@fairlead/core";
import type { TrafficCase } from "../../src/conformance/traffic-suite.js";
import type { Deviation } from "./fake-subject.js";
import { countDeviations } from "./count-deviations.js";
import { lifeDeviations } from "./life-deviations.js";
import { shareDeviations } from "./share-deviations.js";
import { shiftDeviations } from "./shift-deviations.js";

/** A router that does one thing otherwise, and the cases that it fails. */
export interface Deviating {
  readonly deviation: Deviation;
  /** What it says that it can do. */
  readonly abilities?: Partial<TrafficAbilities>;
  readonly fails: readonly TrafficCase[];
}

export const deviations: Readonly<Record<string, Deviating>> = {
  ...shiftDeviations,
  ...shareDeviations,
  ...countDeviations,
  ...lifeDeviations,
};
