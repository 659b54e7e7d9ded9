import type { ServingFact } from "../contract/deployment-events.js";
import type { TrafficWeights } from "../contract/traffic.js";
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
    plan.components.map(async ({ name, role, target, traffic }): Promise<ServingFact> => {
      const component = { application: plan.application, environment: plan.environment, component: name, role };
      const reason = () => fail(coreErrors, "STEP_TIMEOUT", { step: `${name}.current`, after: "5 s" });
      try {
        const { serving, weights } = await withDeadline(engine.clock, { milliseconds: patience, reason }, async (signal) => {
          const call = { signal, log: log.of(null) };
          const deployTarget = await engine.capabilities.get(target, "target");
          const router = traffic === undefined ? undefined : await engine.capabilities.get(traffic, "traffic");
          return { serving: await deployTarget.current(component, call), weights: (await router?.getWeights(component, call)) ?? {} };
        });
        if (serving === undefined) return { component: name, known: true, candidate: null, release: null, note: null };
        return {
          component: name,
          known: true,
          candidate: serving.candidate.id,
          release: serving.release ?? null,
          note: sharesOf(weights) ?? serving.note ?? (serving.settled ? null : "a move is under way"),
        };
      } catch (error) {
        return { component: name, known: false, candidate: null, release: null, note: serializeError(error).message };
      }
    }),
  );
}

/** In words, where the traffic is shared out. */
function sharesOf(weights: TrafficWeights): string | undefined {
  const shares = Object.entries(weights).filter(([, weight]) => weight > 0);
  return shares.length < 2
    ? undefined
    : `its traffic is shared out: ${shares.map(([id, weight]) => `${String(weight)} % to ${id}`).join(", ")}`;
}
