import * as z from "zod";
import type { StatusSnapshot } from "../status/index.js";
import { documentPaths, statusDocument, statuspageDocuments } from "../status/documents/documents.js";
import { atomFeed, rssFeed } from "../status/documents/feeds.js";
import type { HttpOptions } from "./http-options.js";
import { defineRoute, type Route } from "./route.js";
import { statusPageRoute } from "./status-page-route.js";
import { statusEvents } from "./status-events-stream.js";
import { preparedBySnapshot, unlessKnown } from "./status-replies.js";
import { createStreamLimit } from "./stream-limit.js";
import { statusWriteRoutes } from "./status-write-routes.js";

const wrong = { description: "Too many listen already: ask now and then instead", contentType: "application/problem+json" };

/** The status for everybody: documents, feeds and what changes, all from one snapshot. */
export function statusRoutes({ status, rateLimit }: Pick<HttpOptions, "status" | "rateLimit">): readonly Route[] {
  if (status === undefined) return [];

  const document = (id: string, path: string, summary: string, make: (snapshot: StatusSnapshot) => object): Route =>
    prepared({ id, path, summary, contentType: "application/json; charset=utf-8", make: (snapshot) => JSON.stringify(make(snapshot)) });

  const prepared = (given: {
    readonly id: string;
    readonly path: string;
    readonly place?: "api" | "root";
    readonly summary: string;
    readonly contentType: string;
    readonly make: (snapshot: StatusSnapshot) => string;
  }): Route => {
    const { make, contentType, id, path, place = "api", summary } = given;
    const replyOf = preparedBySnapshot(contentType, make);
    return defineRoute({
      ...{ id, method: "GET", path, place, summary, permission: "public", openToSites: true },
      answers: {
        200: contentType.startsWith("application/json")
          ? { description: "as it is now", schema: z.looseObject({ page: z.looseObject({ id: z.string(), updated_at: z.string() }) }) }
          : { description: "as it is now", contentType },
        304: { description: "what the client has is as it is now", contentType },
      },
      answer: async ({ request }) => unlessKnown(request, replyOf(await status.current())),
    });
  };

  const feed = (name: string, make: (snapshot: StatusSnapshot) => string): Route =>
    prepared({
      ...{ id: `status.${name}`, path: `/status/history.${name}`, place: "root", summary: "The history as a feed" },
      ...{ contentType: `application/${name}+xml; charset=utf-8`, make },
    });

  return [
    document("status", "/status", "The status of the application: what Statuspage's summary says and more", statusDocument),
    statusPageRoute(status),
    ...documentPaths.map((path) =>
      document(`statuspage.${path}`, `/v2/${path}`, "A document of the Statuspage API", (snapshot) => statuspageDocuments(snapshot)[path]),
    ),
    feed("atom", atomFeed),
    feed("rss", rssFeed),
    defineRoute({
      ...{ id: "status.events", method: "GET", path: "/status/events", place: "root", permission: "public", openToSites: true },
      summary: "Tells as server-sent events when the status changes",
      answers: {
        200: { description: "an event `status` with the version at once, and with every change", contentType: "text/event-stream" },
        429: wrong,
        503: wrong,
      },
      answer: statusEvents(status, createStreamLimit(rateLimit)),
    }),
    ...statusWriteRoutes(status),
  ];
}
