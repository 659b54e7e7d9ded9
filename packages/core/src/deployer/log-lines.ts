import type { LogEntry } from "../contract/deployment-events.js";
import type { Store } from "../contract/store.js";
import { patiently } from "../engine/patience.js";
import { streamNames } from "../journal/index.js";
import type { Clock } from "../time/clock.js";
import { createWaiter } from "./journal-waiter.js";

interface LogPlace {
  readonly store: Store;
  readonly clock: Clock;
  readonly application: string;
  readonly id: string;
}

/** Lines of a deployment's log behind the first `after`, then those that come. Reads each of them once. Goes on until the signal aborts, which it rejects with. */
export async function* followLines(
  { store, clock, application, id }: LogPlace,
  { after = 0, signal }: { readonly after?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<LogEntry> {
  const stream = streamNames.log(application, id);
  const waiter = createWaiter({ store, clock }, stream, signal);
  let [version, lines] = [0, 0];
  try {
    for (;;) {
      const from = version;
      const stored = await patiently({ clock, signal }, () => store.read(stream, { after: from }));
      for (const event of stored) {
        version = event.version;
        for (const entry of event.data["entries"] as unknown as readonly LogEntry[]) {
          lines += 1;
          if (lines > after) yield entry;
        }
      }
      await waiter.wait();
    }
  } finally {
    waiter.stop();
  }
}
