import type { StepsCase } from "../../src/conformance/steps-suite.js";
import { declarationDeviations } from "./declaration-deviations.js";
import type { Deviation } from "./fake-subject.js";
import { runDeviations } from "./run-deviations.js";
import { undoDeviations } from "./undo-deviations.js";

/** Steps that differ from the good ones in one behaviour, and the cases that must notice. */
export interface Deviating {
  readonly deviation: Deviation;
  readonly fails: readonly StepsCase[];
}

export const deviations: Readonly<Record<string, Deviating>> = { ...declarationDeviations, ...runDeviations, ...undoDeviations };
