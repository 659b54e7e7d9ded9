import type { StatusSnapshot } from "../status/index.js";
import { headerOf, textReply, type HttpReply, type HttpRequest } from "./exchange.js";

/** A while is short enough for people and long enough to spare the application what the whole world asks at once. */
const cacheControl = "public, max-age=10, stale-while-revalidate=30";

/** Makes the answer of a snapshot once, however often it is asked for. All answers of one snapshot have its version. */
export function preparedBySnapshot(
  contentType: string,
  make: (snapshot: StatusSnapshot) => string,
  headers: Readonly<Record<string, string>> = {},
): (snapshot: StatusSnapshot) => HttpReply {
  let last: { readonly snapshot: StatusSnapshot; readonly reply: HttpReply } | undefined;
  return (snapshot) => {
    if (last?.snapshot !== snapshot) {
      const reply = textReply(200, make(snapshot), {
        "content-type": contentType,
        "cache-control": cacheControl,
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "etag",
        "x-content-type-options": "nosniff",
        etag: `"${snapshot.version}"`,
        ...headers,
      });
      last = { snapshot, reply };
    }
    return last.reply;
  };
}

const nothing = new Uint8Array(0);

/** The answer, or 304 where the client says that it has it. */
export function unlessKnown(request: HttpRequest, reply: HttpReply): HttpReply {
  const known = headerOf(request, "if-none-match");
  const { etag = "" } = reply.headers;
  const isKnown = known !== undefined && known.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
  if (!isKnown) return reply;
  const { "content-type": _type, "content-length": _length, ...headers } = reply.headers;
  return Object.freeze({ status: 304, headers, body: nothing });
}
