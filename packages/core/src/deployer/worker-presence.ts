import type { ProcessIdentity } from "../contract/deployment-events.js";
import type { Lease, Store } from "../contract/store.js";
import { isProvenDead } from "../engine/process-identity.js";
import type { Clock } from "../time/clock.js";
import { holderName } from "./driving.js";

/** How long a worker that says nothing is still believed to be there, and how often it says so, in milliseconds. */
const believed = 30_000;
const sayEvery = 10_000;

const leaseName = (application: string): string => `worker/${application}`;

/** Says that a worker is there, so that whoever asks for something can be told who carries it out. Of several one says it. */
export interface WorkerPresence {
  /** Says it if it is time to. A store that fails is found out elsewhere. */
  say(): Promise<void>;
  leave(): Promise<void>;
}

export function createWorkerPresence({
  store,
  clock,
  application,
  holder,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  readonly holder: ProcessIdentity;
}): WorkerPresence {
  let lease: Lease | undefined;
  let next = 0;
  const acquire = async (): Promise<Lease | undefined> => {
    const request = { name: leaseName(application), holder: { ...holder }, ttl: believed };
    const answer = await store.leases.acquire(request);
    if (answer.granted) return answer.lease;
    if (!isProvenDead(identityOf(answer.held))) return undefined;
    const taken = await store.leases.acquire({ ...request, takeOver: answer.held.token });
    return taken.granted ? taken.lease : undefined;
  };
  return {
    async say() {
      if (clock.now() < next) return;
      next = clock.now() + sayEvery;
      lease = await (lease === undefined ? acquire() : store.leases.renew(lease, believed)).catch(() => undefined);
    },
    async leave() {
      if (lease !== undefined) await store.leases.release(lease).catch(() => undefined);
      lease = undefined;
    },
  };
}

/** A worker that is there now, for people. */
export async function readWorker(store: Store, application: string): Promise<string | undefined> {
  const lease = await store.leases.read(leaseName(application));
  if (lease === undefined || lease.expiresAt <= (await store.now())) return undefined;
  const holder = identityOf(lease);
  return isProvenDead(holder) ? undefined : holderName(holder);
}

/** Holders are written by `acquire` only. */
function identityOf({ holder }: Lease): ProcessIdentity {
  return holder as unknown as ProcessIdentity;
}
