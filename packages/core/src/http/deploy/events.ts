import { hasEnded } from "../../machine/index.js";
import type { Clock } from "../../time/clock.js";
import type { HttpDeployer } from "../http-options.js";
import type { Feed, FeedEnd, Feeds, Piece } from "./feed.js";
import type { Found } from "./find.js";

/** After so much quiet a connection is shown to be there, in milliseconds. */
const beatEvery = 15_000;

const waiting = ": waiting for a worker\n\n";

/** Where somebody stopped reading: the version of the last event, and how many lines of the log. */
export interface Cursor {
  readonly version: number;
  readonly lines: number;
}

/** As `id` of a server-sent event says it; what is no such id is the beginning. */
export function cursorOf(id: string | undefined): Cursor {
  const [, version = "0", lines = "0"] = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(id ?? "") ?? [];
  return { version: Number(version), lines: Number(lines) };
}

/** Whether there is nothing behind this place, and will be nothing: then a browser is told not to come again. */
export async function isOver(deployer: HttpDeployer, found: Found, { version, lines }: Cursor): Promise<boolean> {
  if (found.kind === "request") return found.request.error !== null && version > 0;
  const state = await found.deployment.state();
  return hasEnded(state.phase) && state.version <= version && (await deployer.logs(found.deployment.id)).length <= lines;
}

/**
 * The events of a deployment as server-sent events: those behind the cursor, then those that come, and lines of its log between them (`event: log`). Ends with `event: end` when it has ended or needs attention. A
 * request is waited with until a worker has taken it. All who listen to one deployment have it read once.
 */
export async function* deploymentEvents(
  feeds: Feeds,
  id: string,
  { cursor, clock, signal }: { readonly cursor: Cursor; readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  yield `retry: 2000\n\n`;
  const { feed, leave } = feeds.join(id);
  try {
    let place = cursor;
    let isTold = false;
    for (let at = 0; ;) {
      const piece = feed.pieces[at];
      if (signal.aborted) return;
      if (piece !== undefined) {
        at += 1;
        const after = placeAfter(place, piece);
        if (after === undefined) continue;
        place = after;
        yield textOf(piece, place);
      } else if (feed.failure !== undefined) throw feed.failure.error;
      else if (feed.end !== undefined) {
        yield endOf(feed.end);
        return;
      } else if (feed.isWaiting && !isTold) {
        isTold = true;
        yield waiting;
      } else if (await isQuiet(feed, clock, signal)) yield feed.isWaiting ? waiting : ": still there\n\n";
    }
  } finally {
    leave();
  }
}

/** `undefined` for what lies before it: who listens has it. */
function placeAfter({ version, lines }: Cursor, { kind, number }: Piece): Cursor | undefined {
  if (kind === "event") return number > version ? { version: number, lines } : undefined;
  return number > lines ? { version, lines: number } : undefined;
}

function textOf({ kind, json }: Piece, { version, lines }: Cursor): string {
  return `id: ${String(version)}.${String(lines)}\n${kind === "line" ? "event: log\n" : ""}data: ${json}\n\n`;
}

function endOf({ status, isRequest }: FeedEnd): string {
  // An id of its own where there were no events, so that who comes again is told that it is over.
  return `${isRequest ? "id: 1\n" : ""}event: end\ndata: ${JSON.stringify(status)}\n\n`;
}

/** Waits for the next thing to tell; whether there was none for so long that the connection has to be shown to be there. */
async function isQuiet(feed: Feed, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const end = (): void => over.abort("it is over");
  signal.addEventListener("abort", end, { once: true });
  const quiet = clock.sleep(beatEvery, { signal: over.signal, background: true }).then(
    () => true,
    () => false,
  );
  const told = feed.next(over.signal).then(() => false);
  try {
    return await Promise.race([told, quiet]);
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}
