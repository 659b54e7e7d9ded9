import { formatMilliseconds, type Clock } from "@fairlead/core";
import type { Session } from "../connection/session.js";

/** Whom a session has waited for. */
export interface BlockerWatch {
  /** In words, e.g. `it waits for "psql" (backend 4711, in a transaction for 3m)`; nothing if it was not seen to wait. */
  seen(): string | undefined;
  /** Idempotent, never rejects. */
  stop(): Promise<void>;
}

/** Between two questions, in milliseconds. */
const firstPause = 10;

/** Asks another connection again and again for whom a session waits: while it waits it cannot ask, and behind it, it is too late. */
export function watchBlockers(options: {
  readonly session: Session;
  /** The other connection. */
  readonly through: Session;
  readonly clock: Clock;
  /** How long a statement of the session waits, in milliseconds: there is a question in that time. */
  readonly lockTimeout: number;
}): BlockerWatch {
  const { session, through, clock, lockTimeout } = options;
  const longestPause = Math.max(firstPause, lockTimeout / 2);
  const stopping = new AbortController();
  let last: string | undefined;
  const watch = async (): Promise<void> => {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
      await clock.sleep(pause, { signal: stopping.signal });
      last = (await blockerOf(session, through)) ?? last;
    }
  };
  // It ends by being stopped, or because the other connection is lost, which others say.
  const watching = watch().catch(() => undefined);
  return {
    seen: () => last,
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

async function blockerOf({ backend }: Session, through: Session): Promise<string | undefined> {
  const [blocker] = await through.ask<{ pid: number; name: string | null; seconds: number | null }>(
    `select blocking.pid, a.application_name as name, extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds
       from unnest(pg_blocking_pids(${String(backend)})) as blocking (pid) left join pg_stat_activity a using (pid) order by a.xact_start limit 1`,
  );
  if (blocker === undefined) return undefined;
  const { pid, name, seconds } = blocker;
  const since = seconds === null ? "" : `, in a transaction for ${formatMilliseconds(seconds * 1_000)}`;
  return `it waits for "${name ?? "unknown"}" (backend ${String(pid)}${since})`;
}
