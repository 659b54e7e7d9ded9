import type { MigratorCase } from "../../src/conformance/migrator-suite.js";
import { applyDeviations } from "./apply-deviations.js";
import type { Deviation } from "./fake-subject.js";
import { planDeviations } from "./plan-deviations.js";
import { togetherDeviations } from "./together-deviations.js";
import { verifyDeviations } from "./verify-deviations.js";

/** A migrator that differs from the good one in one behaviour, and the cases that must notice. */
export interface Deviating {
  readonly deviation: Deviation;
  readonly fails: readonly MigratorCase[];
}

export const deviations: Readonly<Record<string, Deviating>> = {
  ...planDeviations,
  ...applyDeviations,
  ...togetherDeviations,
  ...verifyDeviations,
};
