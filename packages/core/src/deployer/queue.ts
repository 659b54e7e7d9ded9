import type { Actor } from "../contract/deployment-events.js";
import type { Store } from "../contract/store.js";
import { claimName, streamNames } from "../journal/index.js";
import { isWaiting, stepsOf, type DeploymentState } from "../machine/index.js";
import { readState } from "./deployment-handle.js";
import { openWriter } from "./driving.js";
import type { Runtime } from "./runtime.js";
import type { WaitingDeployment } from "./types.js";

/** Deployments of an environment that have not begun, the oldest first. */
export async function waitingIn(store: Store, application: string, environment: string): Promise<readonly WaitingDeployment[]> {
  const { items } = await store.list({
    prefix: streamNames.deployments(application),
    where: { environment, waiting: true },
    order: "oldest",
    limit: 1000,
  });
  // Written by `summarize`, and by nothing else.
  return items.map(({ summary }) => summary as unknown as WaitingDeployment);
}

/** Ends those that have waited for longer: the newer one has their place, and their channels are told. */
export async function supersedeOlder({ engine }: Runtime, id: string): Promise<void> {
  const older = (await waitingIn(engine.store, engine.application, engine.environment)).filter((one) => one.id < id);
  for (const one of older) {
    const writer = openWriter(engine, one.id);
    await writer.refresh();
    await writer.append((state) =>
      state !== undefined && isWaiting(state.phase) ? [{ type: "deployment.superseded", data: { by: id } }] : undefined,
    );
  }
}

/** Asks what is under way to stop, if nothing of it has begun to serve. */
export async function preempt({ engine }: Runtime, id: string, actor: Actor): Promise<void> {
  const { store, application, environment } = engine;
  const owner = await store.claimOf(claimName(application, environment));
  if (owner === undefined || isPastPromote(await readState(store, application, owner))) return;
  const writer = openWriter(engine, owner);
  await writer.refresh();
  await writer.append((state) =>
    state?.phase === "running" && state.abort === null && !isPastPromote(state)
      ? [{ type: "abort.requested", data: { actor, reason: `${id} goes before it` } }]
      : undefined,
  );
}

function isPastPromote({ plan, intents }: DeploymentState): boolean {
  return stepsOf(plan).some(({ id, stage }) => (stage === "shift" || stage === "promote") && intents.includes(id));
}
