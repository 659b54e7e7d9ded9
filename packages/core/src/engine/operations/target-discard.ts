import { serializeError } from "../../errors/fairlead-error.js";
import type { OperationHandler } from "../operation.js";
import { candidateOf, subjectOf } from "./read-input.js";

/** Removes a candidate that is no longer retained. What cannot be removed stays and is said: a release is not taken back for it. */
export const targetDiscard: OperationHandler = {
  async run(context) {
    const { component, plugin } = subjectOf(context);
    const candidate = candidateOf(context);
    const target = await context.capabilities.get(plugin, "target");
    try {
      await target.discard?.({ ...component, candidate }, context.call);
      return { discarded: true };
    } catch (error) {
      const { code, message } = serializeError(error);
      context.call.log.warn(`${candidate.id} could not be removed: ${message}`, { code });
      return { discarded: false, code };
    }
  },
  // What is still there is found by the next deployment, which asks the target what it retains.
  observe: () => Promise.resolve({ status: "applied", output: { discarded: null } }),
};
