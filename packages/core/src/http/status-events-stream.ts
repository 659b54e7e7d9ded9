import type { Status, StatusSnapshot } from "../status/index.js";
import { backgroundClock } from "../time/background-clock.js";
import { systemClock } from "../time/clock.js";
import type { Route } from "./route.js";
import type { StreamLimit } from "./stream-limit.js";

/** Whoever hears nothing for longer takes the connection for dead, and so do balancers on the way. In milliseconds. */
const keepAlive = 25_000;

const headers = Object.freeze({
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
  // Of nginx: events are not held back.
  "x-accel-buffering": "no",
});

/** Answers with the version of the status at once and whenever it changes. A page asks now and then where it may not listen. */
export function statusEvents(status: Pick<Status, "current" | "onChange">, streams: StreamLimit): Route["answer"] {
  return async ({ request, identity }) => {
    const counted = streams.admit({ request, identity });
    const first = await status.current();
    return { status: 200, headers, stream: counted((signal) => versions(status, first, signal)) };
  };
}

const clock = backgroundClock(systemClock);

async function* versions(status: Pick<Status, "onChange">, first: StatusSnapshot, signal: AbortSignal): AsyncGenerator<string> {
  const told: StatusSnapshot[] = [first];
  let wake: () => void = () => undefined;
  const stop = status.onChange((snapshot) => {
    // Only the newest is worth telling.
    told.splice(0, 1, snapshot);
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  try {
    yield "retry: 5000\n\n";
    while (!signal.aborted) {
      const changed = told.pop();
      yield changed === undefined ? ": still here\n\n" : eventOf(changed);
      if (told.length === 0) await untilWoken(signal, (one) => (wake = one));
    }
  } finally {
    stop();
  }
}

function eventOf({ version, rollUp }: StatusSnapshot): string {
  return `event: status\nid: ${version}\ndata: ${JSON.stringify({ version, status: rollUp.status })}\n\n`;
}

/** Until somebody wakes it, nobody listens any more, or it is time to say something. */
async function untilWoken(signal: AbortSignal, hand: (wake: () => void) => void): Promise<void> {
  const woken = new AbortController();
  hand(() => woken.abort());
  if (signal.aborted) return;
  await clock.sleep(keepAlive, { signal: woken.signal }).catch(() => undefined);
}
