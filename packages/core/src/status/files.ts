import { statusDocument, statuspageDocuments } from "./documents/documents.js";
import { atomFeed, rssFeed } from "./documents/feeds.js";
import { statusPage } from "./page/status-page.js";
import type { StatusSnapshot } from "./snapshot.js";

/**
 * All that a page answers, as files by their path: for a bucket or a server of files that is there when the application is not. Their content is of the moment of the snapshot.
 */
export function toStatusFiles(snapshot: StatusSnapshot): Readonly<Record<string, string>> {
  const documents = Object.entries(statuspageDocuments(snapshot));
  return {
    "index.html": statusPage(snapshot, { atom: "history.atom", rss: "history.rss", live: false }),
    "api/status.json": JSON.stringify(statusDocument(snapshot)),
    ...Object.fromEntries(documents.map(([path, document]) => [`api/v2/${path}`, JSON.stringify(document)])),
    "history.atom": atomFeed(snapshot),
    "history.rss": rssFeed(snapshot),
  };
}
