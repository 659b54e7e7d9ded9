import { fail, formatMilliseconds, type CallOptions, type DeploymentCall } from "@fairlead/core";
import { openPatiently } from "../connection/open-patiently.js";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";
import type { Runner } from "../transaction/runner.js";
import { heldCondition } from "../turn/lease-table.js";
import { endExpired, giveBack, keepLease } from "../turn/runner-lease.js";
import { takeRunnerLock } from "../turn/runner-lock.js";
import type { MigratorSettings } from "./settings.js";

export interface LockedWork<Result> {
  /** What the runs of this call are written down with. */
  readonly deployment: string;
  readonly release: string;
  /** Looks without the lock whether there is anything to do; answers what comes of it where there is not. */
  readonly look?: (session: Session) => Promise<Result | undefined>;
  readonly work: (runner: Runner) => Promise<Result>;
}

/** Works on a connection while another one has the lock of the ledger's migrations. An abort cancels what runs through that other one. */
export async function whileLocked<Result>(
  settings: MigratorSettings,
  call: CallOptions & Pick<DeploymentCall, "actor">,
  { deployment, release, look, work }: LockedWork<Result>,
): Promise<Result> {
  const { address, ledger, clock, runner, patience, lease } = settings;
  const name = `fairlead ${deployment} ${runner}`;
  const opening = { address, clock, name, patience, log: call.log };
  // Not bound to the signal: through it what runs elsewhere is cancelled when that aborts.
  const holder = await openPatiently({ ...opening, signal: new AbortController().signal, opening: call.signal });
  try {
    const nothing = await look?.(holder);
    if (nothing !== undefined) return nothing;
    const number = await takeRunnerLock(holder, { clock, call, ledger, patience, holder: name, lease });
    return await whileHeld(holder, settings, number, async (lost) => {
      // Without the lock nothing may run.
      const signal = AbortSignal.any([call.signal, holder.lost, lost]);
      const session = await openPatiently({ ...opening, signal, cancelThrough: holder });
      try {
        if (number === undefined) await endOthers(session, settings, call);
        else session.held = heldCondition(ledger, number);
        return await work({
          ...settings,
          session,
          through: holder,
          run: { deployment, release, runner, actor: call.actor?.name ?? null },
          log: call.log,
        });
      } finally {
        await session.close();
      }
    });
  } finally {
    await holder.close();
  }
}

/** Keeps the lease of this number while something is done, and gives it back, however that ends. `lost` aborts when it is somebody else's. A lock, which has no number, is its connection's. */
async function whileHeld<Result>(
  holder: Session,
  settings: MigratorSettings,
  number: string | undefined,
  work: (lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const [ended, lost] = [new AbortController(), new AbortController()];
  if (number === undefined) return work(lost.signal);
  const keeping = keepOrSay(holder, settings, { number, signal: ended.signal, lost });
  try {
    return await work(lost.signal);
  } finally {
    ended.abort();
    await keeping;
    await giveBack(holder, settings.ledger, number).catch(() => undefined);
  }
}

/** Renews the lease, and says when it is lost. */
async function keepOrSay(
  holder: Session,
  { ledger, lease, clock, address }: MigratorSettings,
  { number, signal, lost }: { readonly number: string; readonly signal: AbortSignal; readonly lost: AbortController },
): Promise<void> {
  try {
    await keepLease(holder, ledger, { number, lease, clock, signal });
    if (!signal.aborted) lost.abort(fail(postgresErrors, "POSTGRES_LEASE_LOST", { database: address.name }));
  } catch (error) {
    lost.abort(error);
  }
}

/** A lease that has expired ends: whoever had it writes no more. What they have open now is waited for. */
async function endOthers(session: Session, { ledger, clock, patience }: MigratorSettings, { signal }: CallOptions): Promise<void> {
  const begun = clock.now();
  while (!(await endExpired(session, ledger))) {
    if (clock.now() - begun >= patience)
      throw fail(postgresErrors, "POSTGRES_MIGRATIONS_BUSY", {
        waited: formatMilliseconds(patience),
        holder: "a transaction of whoever had the lock before is still open",
      });
    await clock.sleep(100, { signal });
  }
}
