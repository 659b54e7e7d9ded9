import type { Store } from "../contract/store.js";
import { toMachineEvent } from "../engine/deployment-writer.js";
import { readEnvironment } from "../engine/environment-journal.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { explain, type Explanation } from "../history/index.js";
import { emptyHead, streamNames, verifyEvents } from "../journal/index.js";
import { fold, type MachineEvent } from "../machine/index.js";

/** Tells a deployment from its journal. Throws `DEPLOYMENT_UNKNOWN`. */
export async function readExplanation(store: Store, application: string, deploymentId: string): Promise<Explanation> {
  const events = await readEvents(store, application, deploymentId);
  const environment = fold(events)?.plan.environment;
  const serving = environment === undefined ? undefined : (await readEnvironment(store, application, environment)).serving;
  const explanation = explain(events, serving);
  if (explanation === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId });
  return explanation;
}

/** A deployment's journal as the machine takes it, its chain proved. */
export async function readEvents(store: Store, application: string, deploymentId: string): Promise<readonly MachineEvent[]> {
  const stream = streamNames.deployment(application, deploymentId);
  const stored = await store.read(stream);
  verifyEvents(stream, emptyHead, stored);
  return stored.map(toMachineEvent);
}
