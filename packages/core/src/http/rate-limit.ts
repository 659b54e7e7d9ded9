import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import type { OnUnknown } from "./access.js";
import type { AuthenticateRequest } from "./identity.js";

/** How many requests of one identity are answered in a minute, and how many streams are open at once. */
export interface RateLimitOptions {
  /** `GET` and `HEAD`. Default 600. */
  readonly reads?: number;
  /** All others. Default 60. */
  readonly writes?: number;
  /** Requests of one address with an `Authorization` by which nobody is known. Who is known is answered all the same. Default 30. */
  readonly failures?: number;
  /** Event streams of deployments that one identity has open at once in this process, or one address where nobody is known; and as many of the status. Default 20. */
  readonly streams?: number;
  /** Event streams of deployments that are open at once in this process, whoever listens, and as many of the status; also where `rateLimit` is `false`. Default 1,000. */
  readonly allStreams?: number;
  /**
   * Where a request comes from, for `failures` and `streams`. Say it where something stands before the application, such as a balancer: from a header that this sets itself. `undefined`: not known; all of whom
   * that is so count as one address, which may have half of all streams. Default: the other end of the connection, as far as the framework tells, also of Hono's server for Node; in SvelteKit what
   * `getClientAddress()` says.
   */
  readonly address?: (request: AuthenticateRequest) => string | undefined;
}

interface Bucket {
  left: number;
  at: number;
}

/** More identities than this are not told apart: the one that was quiet for the longest is forgotten. */
const mostBuckets = 10_000;
const minute = 60_000;

/** Counts the requests of each identity; what was not used comes back evenly over a minute. Throws `HTTP_TOO_MANY_REQUESTS` with `retryAfter`. */
export function createRateLimit(
  { reads = 600, writes = 60 }: RateLimitOptions,
  clock: Clock,
): (identity: string, isWrite: boolean) => void {
  const take = createBuckets(clock);
  return (identity, isWrite) => take(`${isWrite ? "write" : "read"} ${identity}`, isWrite ? writes : reads);
}

/**
 * Counts by address the requests with an `Authorization` by which nobody is known, together those of whom no address is known: who comes without a word is asked for one, however often. Never stands between anybody and
 * who is known, so that nobody can be kept out by others.
 * Throws `HTTP_TOO_MANY_REQUESTS` with `retryAfter`.
 */
export function createGuessLimit({ failures = 30, ...where }: RateLimitOptions, clock: Clock): OnUnknown {
  const take = createBuckets(clock);
  return (request) => {
    if (request.header("authorization") !== undefined) take(originOf(request, where) ?? "", failures);
  };
}

/** Where a request comes from, as far as it is counted; `undefined`: not known. */
export function originOf(request: AuthenticateRequest, { address = addressOf }: Pick<RateLimitOptions, "address">): string | undefined {
  const found = address(request);
  return found === undefined ? undefined : networkOf(found);
}

function createBuckets(clock: Clock): (key: string, most: number) => void {
  const buckets = new Map<string, Bucket>();
  return (key, most) => {
    const now = clock.now();
    const { left, at } = buckets.get(key) ?? { left: most, at: now };
    const filled = Math.min(most, left + (Math.max(0, now - at) / minute) * most);
    // The last one to come is the last one to be forgotten.
    buckets.delete(key);
    buckets.set(key, { left: filled < 1 ? filled : filled - 1, at: now });
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value ?? key);
    if (filled >= 1) return;
    const wait = Math.ceil((((1 - filled) / most) * minute) / 1_000) * 1_000;
    throw fail(coreErrors, "HTTP_TOO_MANY_REQUESTS", { seconds: wait / 1_000 }, { retryAfter: wait });
  };
}

/** Of Node's requests, of those that Fastify, Koa and others wrap, of Hono's contexts on Node, and of SvelteKit's events. */
function addressOf({ native }: AuthenticateRequest): string | undefined {
  const ask = memberOf(native, "getClientAddress");
  if (typeof ask === "function") return saidBy(ask as () => unknown);
  const wrapped = memberOf(native, "raw") ?? memberOf(memberOf(native, "env"), "incoming");
  const socket = memberOf(native, "socket") ?? memberOf(wrapped, "socket");
  const found = memberOf(socket, "remoteAddress");
  return typeof found === "string" ? found : undefined;
}

/** Some of SvelteKit's adapters know of no address, and throw. */
function saidBy(ask: () => unknown): string | undefined {
  try {
    const found = ask();
    return typeof found === "string" ? found : undefined;
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Of IPv6 the network that one customer has whole. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  const [before = "", after] = address.split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const gap = after === undefined ? [] : Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0");
  const groups = [...head, ...gap, ...tail].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}
