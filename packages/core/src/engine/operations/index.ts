import type { Operations } from "../operation.js";
import { migratorApply, migratorVerify } from "./migrator.js";
import { targetDiscard } from "./target-discard.js";
import { targetPrepare } from "./target-prepare.js";
import { targetPromote } from "./target-promote.js";

export { ownOperation, ownStep } from "./own-step.js";

/** The operations on capabilities; gates come from above. */
export const capabilityOperations: Operations = Object.freeze({
  "target.prepare": targetPrepare,
  "target.promote": targetPromote,
  "target.discard": targetDiscard,
  "migrator.verify": migratorVerify,
  "migrator.apply": migratorApply,
});
