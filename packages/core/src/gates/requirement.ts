import type { OperationHandler } from "../engine/operation.js";
import { readRequirement } from "../engine/requirements.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { GateOptions } from "./options.js";

/** Asks once more, now that the deployment begins, whether another application serves what is required. Who let it begin all the same has answered for it. */
export function requirementGate({ store }: Pick<GateOptions, "store">): OperationHandler {
  return {
    async run({ input, waited }) {
      const text = (name: string): string | undefined => (typeof input[name] === "string" ? input[name] : undefined);
      const wanted = { release: text("release"), atLeast: text("atLeast") };
      const about = { application: text("application") ?? "", environment: text("environment") ?? "" };
      const { met, serving, reason } = await readRequirement(store, { ...about, ...wanted });
      if (!met && !waited.overridden) throw fail(coreErrors, "REQUIREMENT_UNMET", { ...about, reason });
      return { met, serving };
    },
    observe: () => Promise.resolve({ status: "absent" }),
  };
}
