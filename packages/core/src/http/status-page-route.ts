import { hash } from "node:crypto";
import type { Status, StatusSnapshot } from "../status/index.js";
import { contentSecurityPolicy, statusPage } from "../status/page/status-page.js";
import type { HttpReply } from "./exchange.js";
import { defineRoute, type Route } from "./route.js";
import { preparedBySnapshot, unlessKnown } from "./status-replies.js";

/** The page for people. Its links begin with what a host has taken off the path. */
export function statusPageRoute(status: Pick<Status, "current">): Route {
  /** By what links begin with: hosts mount it once, or twice. */
  const pages = new Map<string, (snapshot: StatusSnapshot) => HttpReply>();
  const pageOf = (prefix: string): ((snapshot: StatusSnapshot) => HttpReply) => {
    const known = pages.get(prefix);
    if (known !== undefined) return known;
    const links = { atom: `${prefix}/status/history.atom`, rss: `${prefix}/status/history.rss`, live: true };
    const made = preparedBySnapshot("text/html; charset=utf-8", (snapshot) => statusPage(snapshot, links), {
      "content-security-policy": `${contentSecurityPolicy}; frame-ancestors 'none'`,
      "referrer-policy": "no-referrer",
    });
    // Whoever writes a mount point in ever other ways gets pages that are made each time.
    if (pages.size < 10) pages.set(prefix, made);
    return made;
  };
  return defineRoute({
    ...{ id: "status.page", method: "GET", path: "/status", place: "root", permission: "public" },
    summary: "The status page for people",
    answers: {
      200: { description: "the page", contentType: "text/html" },
      304: { description: "what the client has is as it is now" },
    },
    answer: async ({ request }) => {
      const reply = pageOf(request.prefix ?? "")(await status.current());
      return unlessKnown(request, withDigest(reply));
    },
  });
}

const digests = new WeakMap<HttpReply, HttpReply>();

/** What the page says may be the same while its markup is not, after an update of the application. */
function withDigest(reply: HttpReply): HttpReply {
  let marked = digests.get(reply);
  if (marked === undefined) {
    const headers = { ...reply.headers, etag: `"${hash("sha256", reply.body).slice(0, 16)}"` };
    marked = Object.freeze({ ...reply, headers: Object.freeze(headers) });
    digests.set(reply, marked);
  }
  return marked;
}
