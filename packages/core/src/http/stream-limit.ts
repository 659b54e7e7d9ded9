import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { askedOf } from "./access.js";
import type { HttpRequest, StreamReply } from "./exchange.js";
import type { HttpOptions } from "./http-options.js";
import type { Identity } from "./identity.js";
import { originOf } from "./rate-limit.js";

/** After so long it is worth asking again, in milliseconds. */
const askAgain = 5_000;

/** All of whom neither a name nor an address is known. */
const strangers = "strangers";

/** Who wants to listen. */
interface Listener {
  readonly request: HttpRequest;
  readonly identity: Identity | undefined;
}

/** How many event streams of a kind are open, of all and of each. */
export interface StreamLimit {
  /**
   * Makes of a stream one that is counted from its beginning to its end; of many that are let in at the same moment, those for which there is no room end at once and ask their clients to come again. Throws
   * `HTTP_STREAMS_FULL` and `HTTP_TOO_MANY_STREAMS` where there is no room for one more.
   */
  admit(listener: Listener): (stream: StreamReply["stream"]) => StreamReply["stream"];
}

/** Counts by identity, by address where nobody is known, and where that is not known either all of them together: they leave half of the room to the others. */
export function createStreamLimit(rateLimit: HttpOptions["rateLimit"] = {}): StreamLimit {
  const { streams, allStreams: mostOfAll = 1_000, ...where } = rateLimit === false ? { streams: Infinity } : rateLimit;
  const mostOfEach = streams ?? 20;
  const mostOfStrangers = rateLimit === false ? Infinity : Math.ceil(mostOfAll / 2);
  const open = new Map<string, number>();
  let all = 0;
  const hasRoom = (who: string): boolean => all < mostOfAll && (open.get(who) ?? 0) < (who === strangers ? mostOfStrangers : mostOfEach);
  const count = (who: string, change: 1 | -1): void => {
    all += change;
    const left = (open.get(who) ?? 0) + change;
    if (left === 0) open.delete(who);
    else open.set(who, left);
  };
  const nameOf = ({ request, identity }: Listener): string => {
    if (identity !== undefined) return `identity ${identity.id}`;
    const origin = originOf(askedOf(request), where);
    return origin === undefined ? strangers : `address ${origin}`;
  };
  return {
    admit(listener) {
      const who = nameOf(listener);
      const later = { seconds: askAgain / 1_000 };
      const isOwnDoing = who !== strangers && (open.get(who) ?? 0) >= mostOfEach;
      if (isOwnDoing) throw fail(coreErrors, "HTTP_TOO_MANY_STREAMS", { most: mostOfEach, ...later }, { retryAfter: askAgain });
      if (!hasRoom(who)) throw fail(coreErrors, "HTTP_STREAMS_FULL", later, { retryAfter: askAgain });
      return (stream) =>
        async function* (signal) {
          if (!hasRoom(who)) {
            yield `retry: ${String(askAgain)}\n\n`;
            return;
          }
          count(who, 1);
          try {
            yield* stream(signal);
          } finally {
            count(who, -1);
          }
        };
    },
  };
}
