import type { CallOptions, DeploymentCall } from "@fairlead/core";
import { openSession, type Session } from "../connection/session.js";
import type { Runner } from "../run/run-migration.js";
import { takeRunnerLock } from "../run/runner-lock.js";
import type { MigratorSettings } from "./apply.js";

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
  const { address, ledger, clock, runner, patience } = settings;
  const name = `fairlead ${deployment} ${runner}`;
  // Not bound to the signal: through it what runs elsewhere is cancelled when that aborts.
  const holder = await openSession({ address, clock, name, patience, signal: new AbortController().signal, opening: call.signal });
  try {
    const nothing = await look?.(holder);
    if (nothing !== undefined) return nothing;
    await takeRunnerLock(holder, { clock, call, schema: ledger.schema, patience });
    // Without the lock nothing may run.
    const signal = AbortSignal.any([call.signal, holder.lost]);
    const session = await openSession({ address, clock, name, patience, signal, cancelThrough: holder });
    try {
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
  } finally {
    await holder.close();
  }
}
