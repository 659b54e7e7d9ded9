import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { headerOf, type HttpRequest } from "./exchange.js";

/**
 * Refuses what a page of another site makes a browser send, with the cookies that it has: `Sec-Fetch-Site` says so, and where a browser is too old for it, an `Origin` that is not the host. Programs send neither
 * and carry no cookies. Throws `HTTP_CROSS_SITE`.
 */
export function requireSameSite(request: HttpRequest): void {
  const site = headerOf(request, "sec-fetch-site");
  if (site === "same-origin" || site === "none") return;
  const origin = headerOf(request, "origin");
  if (site === undefined && (origin === undefined || isOwn(origin, request))) return;
  throw fail(coreErrors, "HTTP_CROSS_SITE", {});
}

/** A browser writes the host itself: the page that sends cannot. Where a `Request` has no such header, its address has the host. */
function isOwn(origin: string, request: HttpRequest): boolean {
  const { path } = request;
  const host = headerOf(request, "host") ?? (path.startsWith("/") ? headerOf(request, ":authority") : undefined);
  return host === undefined ? path.startsWith(`${origin}/`) : origin === `https://${host}` || origin === `http://${host}`;
}
