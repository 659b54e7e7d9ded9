import { fail, formatMilliseconds } from "@fairlead/core";
import { isBusy, readServerError } from "../connection/server-error.js";
import { postgresErrors } from "../postgres-errors.js";
import { watchBlockers } from "./blockers.js";
import type { Runner } from "./runner.js";

/** Between two tries, in milliseconds. */
const firstPause = 100;
const longestPause = 2_000;

/**
 * Tables that are in use are tried for again and again, briefly each time, so that nobody queues behind us for long. Only what did not get a lock, or was chosen to end a deadlock, is tried again; `restore`
 * makes as good as new what was tried. Rejects with `POSTGRES_TABLES_BUSY` when patience is over.
 */
export async function patiently<Result>(
  runner: Runner,
  migration: string,
  {
    work,
    restore,
    quietly = false,
  }: {
    readonly work: () => Promise<Result>;
    readonly restore: () => Promise<void>;
    /** Asks nobody who is in the way: what waits for old snapshots may meet that of the question, and then waits for the transaction that holds the lock. */
    readonly quietly?: boolean;
  },
): Promise<Result> {
  const { session, through, clock, log, lockTimeout, patience } = runner;
  const begun = clock.now();
  for (let tries = 1, pause = firstPause; ; tries += 1, pause = Math.min(longestPause, pause * 2)) {
    const watch = through === undefined || quietly ? undefined : watchBlockers({ session, through, clock, lockTimeout });
    try {
      return await work();
    } catch (error) {
      const server = readServerError(error);
      if (server === undefined || !isBusy(server)) throw error;
      await restore();
      await watch?.stop();
      const problem = [server.message, watch?.seen()].filter((part) => part !== undefined).join("; ");
      if (clock.now() - begun >= patience)
        throw fail(postgresErrors, "POSTGRES_TABLES_BUSY", { migration, waited: formatMilliseconds(patience), tries, problem });
      log.info(`${migration}: ${problem}; trying again`, { sqlState: server.code, tries });
      await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: session.signal });
    } finally {
      await watch?.stop();
    }
  }
}
