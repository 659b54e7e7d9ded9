import type { CallOptions } from "../contract/call.js";
import type { Plan } from "../contract/plan.js";
import { readEnvironment } from "../engine/environment-journal.js";
import { readComponents } from "../engine/facts.js";
import { createReleaseId } from "../engine/ids.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { digestOf } from "../json/canonical-json.js";
import { sealPlan } from "../plan/index.js";
import type { Clock } from "../time/clock.js";
import type { Runtime } from "./runtime.js";

/** The plan that does nothing and records what serves as the first release. */
export async function adoptionPlan(
  { spec, capabilities, engine }: Runtime,
  { application, clock, call }: { readonly application: string; readonly clock: Clock; readonly call: CallOptions },
): Promise<Plan> {
  const state = await readEnvironment(engine.store, application, spec.name);
  const components = await readComponents({ application, spec, capabilities, state, store: engine.store, clock, call });
  if (components.every(({ previous }) => previous === undefined)) throw fail(coreErrors, "NOTHING_TO_ADOPT", { environment: spec.name });
  const serving = components.map(({ name, previous }) => ({ name, candidate: previous?.id ?? null }));
  return sealPlan({
    version: 1,
    kind: "adopt",
    application,
    environment: spec.name,
    strategy: "direct",
    release: {
      id: createReleaseId(clock),
      application,
      createdAt: new Date(clock.now()).toISOString(),
      provenance: {},
      artifacts: {},
      migrations: [],
      contentDigest: digestOf(serving),
    },
    components: components.map(({ name, role, target, previous }) => ({
      name,
      role,
      target,
      ...(previous === undefined ? {} : { previous }),
    })),
    groups: [],
    compatibility: "code-only",
    warnings: [],
  });
}
