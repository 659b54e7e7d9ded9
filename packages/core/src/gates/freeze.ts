import { defer } from "../engine/deferral.js";
import { readEnvironment } from "../engine/environment-journal.js";
import { freezeOf } from "../engine/freeze.js";
import type { OperationHandler } from "../engine/operation.js";
import type { GateOptions } from "./options.js";

/** Whoever ends a freeze says so to what waits for it; should it die before, this is looked at again after so long, in milliseconds. */
const lookAnyway = 300_000;

/** Waits for the end of what freezes the environment. */
export function freezeGate({ store, freezes }: GateOptions): OperationHandler {
  return {
    async run({ plan, clock }) {
      const now = clock.now();
      const freeze = freezeOf({ freezes }, await readEnvironment(store, plan.application, plan.environment), now);
      if (freeze === undefined) return {};
      const until = Math.min(freeze.until ?? Number.POSITIVE_INFINITY, now + lookAnyway);
      return defer({ waitingFor: "freeze", reason: freeze.reason, until, memo: null });
    },
    observe: () => Promise.resolve({ status: "absent" }),
  };
}
