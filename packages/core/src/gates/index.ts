import type { OperationHandler } from "../engine/operation.js";
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

const gates: Readonly<Record<string, (options: GateOptions) => OperationHandler>> = Object.freeze({
  "gate.preflight": () => preflightGate,
  "gate.approval": () => approvalGate,
  "gate.candidate": candidateGate,
  "gate.bake": bakeGate,
  "gate.freeze": freezeGate,
  "gate.requirement": requirementGate,
  "gate.smoke": ({ smoke }) => smokeGate(smoke),
  "gate.analysis": analysisGate,
});

/** A gate of an environment, as an operation. */
export function gateOperation(name: string, options: GateOptions): OperationHandler | undefined {
  return gates[name]?.(options);
}
