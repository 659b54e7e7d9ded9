import type { Operations } from "../operation.js";
import { migratorApply, migratorVerify } from "./migrator.js";
import { targetDiscard } from "./target-discard.js";
import { targetPrepare } from "./target-prepare.js";
import { targetPromote } from "./target-promote.js";
import { trafficClose, trafficOpen, trafficWeights } from "./traffic.js";

export { ownOperation, ownStep } from "./own-step.js";

/** The operations on capabilities; gates come from above. */
export const capabilityOperations: Operations = Object.freeze({
  "target.prepare": targetPrepare,
  "target.promote": targetPromote,
  "target.discard": targetDiscard,
  "traffic.open": trafficOpen,
  "traffic.weights": trafficWeights,
  "traffic.close": trafficClose,
  "migrator.verify": migratorVerify,
  "migrator.apply": migratorApply,
});
