import { statusOf, type CheckState, type HealthSnapshot } from "../health/index.js";
import { jsonReply, type HttpReply } from "./exchange.js";
import { checkAnswer, healthAnswer, liveAnswer, readyAnswer, startupAnswer, type Asked } from "./health-answers.js";
import { healthMedia, healthMediaType } from "./health-media.js";
import type { Place } from "./health-places.js";

/** How something is asked for. */
export interface Manner {
  /** Names of checks that are left out. */
  readonly exclude: ReadonlySet<string>;
  /** Whether the one who asks may read everything. */
  readonly details: boolean;
  /** Whether in the words of the draft. */
  readonly media: boolean;
  /** Of the whole; `undefined` where none is given. */
  readonly etag: string | undefined;
}

/** The answer at a place. 503 for `unhealthy`; `degraded` serves, so it is 200: a balancer would take capacity away from what struggles. */
export function replyAt(place: Place, snapshot: HealthSnapshot, manner: Manner): HttpReply {
  const { details, media } = manner;
  const answer = (body: { readonly status: string }): HttpReply => reply(body, headersOf(snapshot, manner));
  switch (place.kind) {
    case "live":
      return answer(liveAnswer(snapshot));
    case "startup":
      return answer(startupAnswer(snapshot));
    case "ready":
      return answer(readyAnswer(snapshot, without(snapshot, manner)));
    case "check":
      return answer(checkAnswer(snapshot, place.check, details));
    case "health":
    case "group": {
      const asked = without(place.kind === "group" ? place.group : snapshot, manner);
      const headers = { ...headersOf(snapshot, manner), vary: "accept" };
      if (!media || details) return reply(healthAnswer(snapshot, asked, details), headers);
      return mediaReply(snapshot, asked, headers);
    }
  }
}

function without(asked: Asked, { exclude }: Manner): Asked {
  if (exclude.size === 0) return asked;
  const checks = asked.checks.filter(({ name }: CheckState) => !exclude.has(name));
  return { status: statusOf(checks), checks };
}

function reply(body: { readonly status: string }, headers: Readonly<Record<string, string>>): HttpReply {
  const failed = body.status === "unhealthy" || body.status === "down";
  return jsonReply(failed ? 503 : 200, body, headers);
}

function mediaReply(snapshot: HealthSnapshot, asked: Asked, headers: Readonly<Record<string, string>>): HttpReply {
  return jsonReply(asked.status === "unhealthy" ? 503 : 200, healthMedia(snapshot, asked), { ...headers, "content-type": healthMediaType });
}

function headersOf({ release }: HealthSnapshot, { details, etag }: Manner): Record<string, string> {
  return {
    "cache-control": details ? "no-store" : "no-cache",
    ...(release !== null && isFieldValue(release) ? { "x-fairlead-release": release } : {}),
    ...(etag === undefined ? {} : { etag }),
  };
}

/** Whether a text may be the value of a header field as it is. */
function isFieldValue(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
