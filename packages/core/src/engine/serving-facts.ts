import type { ServingFact } from "../contract/deployment-events.js";
import { serializeError } from "../errors/fairlead-error.js";
import { withDeadline } from "../time/deadline.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Driving } from "./driver.js";

/** Most a target may take to say what serves when a person has to decide, in milliseconds. */
const patience = 5_000;

/** What is known to serve, asked live; what cannot be asked is said to be unknown, and why. */
export async function servingFacts({ engine, writer, log }: Driving): Promise<readonly ServingFact[]> {
  const { plan } = writer.state;
  return Promise.all(
    plan.components.map(async ({ name, role, target }): Promise<ServingFact> => {
      const component = { application: plan.application, environment: plan.environment, component: name, role };
      const reason = () => fail(coreErrors, "STEP_TIMEOUT", { step: `${name}.current`, after: "5 s" });
      try {
        const serving = await withDeadline(engine.clock, { milliseconds: patience, reason }, async (signal) => {
          const deployTarget = await engine.capabilities.get(target, "target");
          return deployTarget.current(component, { signal, log: log.of(null) });
        });
        if (serving === undefined) return { component: name, known: true, candidate: null, release: null, note: null };
        return {
          component: name,
          known: true,
          candidate: serving.candidate.id,
          release: serving.release ?? null,
          note: serving.settled ? (serving.note ?? null) : (serving.note ?? "a move is under way"),
        };
      } catch (error) {
        return { component: name, known: false, candidate: null, release: null, note: serializeError(error).message };
      }
    }),
  );
}
