import { deliverDue } from "../engine/outbox-worker.js";
import type { Runtime } from "./runtime.js";

/** Begins to deliver the messages of an environment that are due, and answers the deliveries. */
export function deliverMessages({ engine, capabilities, log }: Runtime, signal: AbortSignal): Promise<readonly Promise<void>[]> {
  const { store, clock, redactor, application, environment, holder } = engine;
  return deliverDue({ store, clock, redactor, application, environment, holder, capabilities, log }, signal);
}

/** Less than this is no try, in milliseconds: what would be cut off at once would count as one, and wait for longer each time. */
const leastTime = 1_000;

/** Delivers messages of an environment until none is left, the time is up, or only such are left that wait for longer. `within` is in milliseconds. */
export async function drainMessages(runtime: Runtime, within: number): Promise<void> {
  const { store, clock, application, environment } = runtime.engine;
  const until = clock.now() + within;
  const lastBegin = until - Math.min(leastTime, within / 2);
  const expired = new AbortController();
  const timer = clock.sleep(within, { signal: expired.signal }).then(
    () => {
      expired.abort();
    },
    () => undefined,
  );
  const deliveries: Promise<void>[] = [];
  try {
    while (clock.now() < lastBegin) {
      const pending = await store.outbox.list({ application, environment, state: "pending", limit: 1000 });
      const now = await store.now();
      // The newest come first, and in a lane only the oldest can be due.
      const heads = new Map(pending.map((message) => [message.lane, message]));
      if (![...heads.values()].some(({ nextAt }) => nextAt - now < lastBegin - clock.now())) break;
      const begun = await deliverMessages(runtime, expired.signal);
      deliveries.push(...begun);
      await Promise.race([...begun, clock.sleep(Math.min(50, Math.max(1, until - clock.now())), { signal: expired.signal })]);
    }
  } catch {
    // The time is up, or the store does not answer: what is left is delivered by the next worker.
  } finally {
    await Promise.all(deliveries);
    expired.abort();
    await timer;
  }
}
