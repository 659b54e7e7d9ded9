import type { Health, HealthSnapshot } from "../health/index.js";
import { requireBasePath } from "./base-path.js";
import { headerOf, withoutBody, type HttpReply, type HttpRequest, type Respond } from "./exchange.js";
import { acceptsHealthMedia } from "./health-media.js";
import { placesOf, type Place } from "./health-places.js";
import { replyAt } from "./health-reply.js";
import { maskedSnapshot } from "./masked-snapshot.js";
import { methodNotAllowed } from "./problem.js";
import { pathOf } from "./request-path.js";

/** Health, as far as it is asked for answers. */
export type AnsweringHealth = Pick<Health, "snapshot"> & Partial<Pick<Health, "refresh" | "tick" | "onChange">>;

export interface HealthHandlerOptions {
  /** Where the health endpoint answers; `/ready`, `/live`, `/startup`, and checks and groups by their names, are below it. Default `/api/health`. */
  readonly basePath?: string;
  /**
   * Whether a request may read everything: messages, hints, data. Asked for `?verbose` only; who may not reads what everybody reads, as where this throws or rejects. Default: nobody may.
   */
  readonly details?: (request: HttpRequest) => boolean | Promise<boolean>;
  /** Told what `details` has thrown, and what kept a request from its answer, with the reference that was answered instead. Default: nobody is told. */
  readonly onError?: (error: unknown, reference?: string) => unknown;
  /** Takes secrets out of what is answered. Default: only what `createHealth` was given does. */
  readonly redact?: (text: string) => string;
}

interface Replies {
  readonly get: HttpReply;
  readonly head: HttpReply;
}

/** Everything that one snapshot answers. */
interface Prepared {
  /** As health has it. */
  readonly of: HealthSnapshot;
  /** As it is answered. */
  readonly snapshot: HealthSnapshot;
  readonly places: ReadonlyMap<string, Place>;
  /** What everybody is answered, once somebody has asked for it. */
  readonly replies: Map<Place, Replies>;
  readonly media: Map<Place, Replies>;
}

const refused = methodNotAllowed("GET, HEAD");
const nobody: ReadonlySet<string> = new Set();
const unchanged: HttpReply["body"] = new Uint8Array(0);

/**
 * What health answers over HTTP, without HTTP: from its snapshot, prepared once per snapshot, at once unless checks run on demand. The base of every handler; throws `HTTP_BASE_PATH_INVALID`.
 */
export function toRespond(health: AnsweringHealth, options: HealthHandlerOptions = {}): Respond {
  const { basePath = "/api/health", details, redact } = options;
  const base = requireBasePath(basePath);
  // Versions begin anew in every process: without its mark one would vouch for what another has said.
  const mark = Math.random().toString(36).slice(2);
  let prepared: Prepared | undefined;
  let known: { readonly of: HealthSnapshot; readonly paths: ReadonlyMap<string, unknown> } | undefined;

  /** Where it answers, without anything of what it answers there. */
  const ownPaths = (): ReadonlyMap<string, unknown> => {
    const snapshot = health.snapshot();
    if (known?.of !== snapshot) known = { of: snapshot, paths: placesOf(snapshot, base) };
    return known.paths;
  };

  const newest = (): Prepared => {
    const snapshot = health.snapshot();
    if (prepared?.of !== snapshot) {
      const shown = redact === undefined ? snapshot : maskedSnapshot(snapshot, redact);
      prepared = { of: snapshot, snapshot: shown, places: placesOf(shown, base), replies: new Map(), media: new Map() };
    }
    return prepared;
  };

  /** What everybody reads. */
  const publicReply = (key: string, request: HttpRequest): Replies => {
    const { snapshot, places, replies, media: inMedia } = newest();
    // Checks are never taken away, so what was there is.
    const place = places.get(key) as Place;
    const negotiable = place.kind === "health" || place.kind === "group";
    const media = negotiable && acceptsHealthMedia(fieldOf(request, "accept"));
    const kept = media ? inMedia : replies;
    let found = kept.get(place);
    if (found === undefined) {
      const etag = place.kind === "health" ? `"${mark}-${String(snapshot.version)}${media ? "-h" : ""}"` : undefined;
      const get = replyAt(place, snapshot, { exclude: nobody, details: false, media, etag });
      kept.set(place, (found = { get, head: withoutBody(get) }));
    }
    return found;
  };

  const ownReply = (
    key: string,
    request: HttpRequest,
    given: { readonly exclude: ReadonlySet<string>; readonly details: boolean },
  ): Replies => {
    const { snapshot, places } = newest();
    const media = acceptsHealthMedia(fieldOf(request, "accept"));
    const get = replyAt(places.get(key) as Place, snapshot, { ...given, media, etag: undefined });
    return { get, head: withoutBody(get) };
  };

  const answer = (key: string, request: HttpRequest): HttpReply | Promise<HttpReply> => {
    const { method, path } = request;
    const pick = ({ get, head }: Replies): HttpReply => (method === "HEAD" ? head : get);
    const wishes = path === key ? undefined : wishesOf(path);
    if (wishes === undefined) return unlessKnown(pick(publicReply(key, request)), request);
    const { exclude, verbose } = wishes;
    if (!verbose || details === undefined) return pick(ownReply(key, request, { exclude, details: false }));
    return mayRead(options, request).then((may) => pick(ownReply(key, request, { exclude, details: may })));
  };

  return (request) => {
    const { method, path } = request;
    const paths = ownPaths();
    const key = paths.has(path) ? path : pathOf(path);
    if (!paths.has(key)) return undefined;
    if (method !== "GET" && method !== "HEAD") return refused;
    const pending = health.refresh?.();
    return pending === undefined ? answer(key, request) : pending.then(() => answer(key, request));
  };
}

async function mayRead({ details, onError }: HealthHandlerOptions, request: HttpRequest): Promise<boolean> {
  try {
    return (await details?.(request)) === true;
  } catch (error) {
    await told(onError, error);
    return false;
  }
}

/** Who is told may fail as well: no answer depends on that. */
async function told(onError: HealthHandlerOptions["onError"], error: unknown): Promise<void> {
  try {
    await onError?.(error);
  } catch {
    // There is nobody else to tell.
  }
}

/** What the query asks for; `undefined` where it asks for nothing that there is. */
function wishesOf(target: string): { readonly exclude: ReadonlySet<string>; readonly verbose: boolean } | undefined {
  const start = target.indexOf("?");
  if (start === -1) return undefined;
  const query = new URLSearchParams(target.slice(start + 1));
  const exclude = new Set(query.getAll("exclude"));
  const verbose = query.has("verbose");
  return exclude.size === 0 && !verbose ? undefined : { exclude, verbose };
}

/** 304 to whoever has this very answer and says so. Never for what fails: a prober that got nothing new would not see it. */
function unlessKnown(reply: HttpReply, request: HttpRequest): HttpReply {
  const etag = reply.headers["etag"];
  if (etag === undefined || reply.status !== 200) return reply;
  const known = fieldOf(request, "if-none-match");
  if (known === undefined || !known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)) return reply;
  const { "content-length": _length, "content-type": _type, ...headers } = reply.headers;
  return Object.freeze({ status: 304, headers, body: unchanged });
}

/** Like `headerOf`. Reads the list of Node where there is one: Node makes an object of all headers when it is asked for one, which costs more than the answer. */
function fieldOf(request: HttpRequest, name: string): string | undefined {
  const { native } = request;
  if (typeof native !== "object" || native === null || !("rawHeaders" in native) || !Array.isArray(native.rawHeaders)) {
    return headerOf(request, name);
  }
  const list = native.rawHeaders as readonly string[];
  for (let index = 0; index < list.length; index += 2) {
    const field = list[index];
    if (field?.length === name.length && field.toLowerCase() === name) return list[index + 1];
  }
  return undefined;
}
