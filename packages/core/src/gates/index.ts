import type { Operations } from "../engine/operation.js";
import { analysisGate } from "./analysis.js";
import { approvalGate } from "./approval.js";
import { bakeGate } from "./bake.js";
import { candidateGate } from "./candidate.js";
import { freezeGate } from "./freeze.js";
import type { GateOptions } from "./options.js";
import { preflightGate } from "./preflight.js";
import { requirementGate } from "./requirement.js";
import { smokeGate } from "./smoke/smoke.js";

export { checksOf, questionOf, questionAbout, type Question } from "./ask.js";
export type { GateOptions } from "./options.js";

/** The gates of an environment, as operations. */
export function gateOperations(options: GateOptions): Operations {
  return Object.freeze({
    "gate.preflight": preflightGate,
    "gate.approval": approvalGate,
    "gate.candidate": candidateGate(options),
    "gate.bake": bakeGate(options),
    "gate.freeze": freezeGate(options),
    "gate.requirement": requirementGate(options),
    "gate.smoke": smokeGate(options.smoke),
    "gate.analysis": analysisGate(options),
  });
}
