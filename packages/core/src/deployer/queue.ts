import type { Store } from "../contract/store.js";
import { streamNames } from "../journal/index.js";
import type { Phase } from "../machine/index.js";

export interface WaitingDeployment {
  readonly id: string;
  readonly phase: Phase;
  readonly digest: string;
}

/** Deployments of an environment that have not begun, the oldest first. */
export async function waitingIn(store: Store, application: string, environment: string): Promise<readonly WaitingDeployment[]> {
  const { items } = await store.list({
    prefix: streamNames.deployment(application, ""),
    where: { environment, waiting: true },
    order: "oldest",
    limit: 1000,
  });
  // Written by `summarize`, and by nothing else.
  return items.map(({ summary }) => summary as unknown as WaitingDeployment);
}
