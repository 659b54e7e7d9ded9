import type { Clock } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";

/** Told by the database when somebody commits, as long as it can. */
export interface Listener {
  /** Whether it is told right now. */
  readonly listening: boolean;
  /** Begins, unless it has. Holds no process. */
  start(): void;
  close(): Promise<void>;
}

/** In milliseconds: how long to wait before a connection that broke is made again, at first and at most. */
const [shortestPause, longestPause] = [100, 10_000];

/**
 * A connection of its own that is made again whenever it breaks. Behind a pooler there is none: what is told to one of its connections reaches nobody. `onHeard` is handed what was said;
 * `onListening` is called whenever it begins anew, as nobody knows what was missed.
 */
export function createListener(options: {
  readonly address: () => Promise<DatabaseAddress>;
  readonly channel: string;
  readonly clock: Clock;
  readonly onHeard: (position: number) => void;
  readonly onListening: () => void;
}): Listener {
  const { address, channel, clock, onHeard, onListening } = options;
  const closed = new AbortController();
  let listening = false;
  let session: Session | undefined;
  let running: Promise<void> | undefined;

  /** Whether there is any point in trying again. */
  const listen = async (): Promise<boolean> => {
    const opened = await openSession({
      address: await address(),
      clock,
      name: "fairlead store, listening",
      signal: closed.signal,
      background: true,
      onNotification: (payload) => {
        onHeard(Number(payload));
      },
    });
    session = opened;
    try {
      if (opened.pooled) return false;
      await opened.ask(`listen "${channel}"`);
      listening = true;
      onListening();
      await whenAborted(opened.lost);
      return true;
    } finally {
      listening = false;
      await opened.close();
    }
  };

  const run = async (): Promise<void> => {
    let pause = shortestPause;
    while (!closed.signal.aborted) {
      const startedAt = clock.now();
      const again = await listen().catch(() => true);
      if (!again) return;
      pause = clock.now() - startedAt > longestPause ? shortestPause : Math.min(pause * 2, longestPause);
      await clock.sleep(pause, { signal: closed.signal, background: true });
    }
  };

  return {
    get listening() {
      return listening;
    },
    start() {
      running ??= run().catch(() => undefined);
    },
    async close() {
      closed.abort("the store has been closed");
      await session?.close();
      await running;
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        "abort",
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
