import { createControlCall, createControlClient, type EmulatorControl } from "../shared/control-client.js";
import type { Ledger } from "../shared/ledger.js";
import { toStoppable, type EmulatorDraft, type RunningEmulator, type Stoppable } from "../shared/running-emulator.js";
import { siteHostHeader } from "../shared/http-emulator.js";
import { spawnEmulator } from "../spawn-emulator.js";
import { runVercelEmulator } from "./run-vercel-emulator.js";
import type { ServedRecord } from "./site.js";
import type { VercelEmulatorOptions } from "./vercel-options.js";
import type { VercelSettings } from "./vercel-settings.js";
import type { VercelView } from "./vercel-view.js";

/** The ledger of the emulated Vercel. */
export interface VercelLedger extends Ledger {
  /** Every answer of a hosted site, in order. */
  readonly served: readonly ServedRecord[];
}

/** A running emulated Vercel, from any process. */
export interface VercelEmulatorControl extends EmulatorControl<VercelLedger, VercelView, VercelSettings> {
  /** The API's origin. */
  readonly url: string;
  /** An origin of its own for a host name: every request to it is one to that host. Idempotent. */
  readonly siteUrl: (host: string) => Promise<string>;
  /** Where a request to a site's URL really goes, and with which header. */
  readonly route: (url: string | URL) => SiteRoute;
  /** A `fetch` that reaches the hosted sites by their names. */
  readonly fetch: typeof fetch;
}

/** A running emulated Vercel that this process started. */
export interface VercelEmulator extends VercelEmulatorControl, Stoppable {
  /** The access token that it expects. */
  readonly token: string;
  readonly teamId: string;
}

/** A request to a site, as the emulator can be asked it. */
export interface SiteRoute {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts an emulated Vercel in a process of its own. Throws `EMULATOR_START_FAILED`. */
export async function startVercelEmulator(options: VercelEmulatorOptions = {}): Promise<VercelEmulator> {
  return toEmulator(await spawnEmulator("vercel", options));
}

/** An emulated Vercel in this process: for tests that watch it from inside, and faster to start. */
export function createVercelEmulator(options: VercelEmulatorOptions = {}): EmulatorDraft<VercelEmulator> {
  return { listen: async () => toEmulator(await runVercelEmulator(options)) };
}

/** An emulated Vercel that another process started. */
export function connectVercelEmulator(url: string): VercelEmulatorControl {
  const call = createControlCall(url);
  return {
    ...createControlClient<VercelLedger, VercelView, VercelSettings>(url, call),
    url,
    siteUrl: async (host) => (await call<{ url: string }>("POST", "sites", { host })).url,
    route: (site) => toSiteRoute(url, site),
    fetch: createEmulatorFetch(url),
  };
}

/**
 * A `fetch` for code that asks sites by their names, which nothing resolves in a test: requests to any host but loopback go to the emulator at `emulatorUrl`.
 * Needs nothing but that URL, so that a process that was started with it can make its own.
 */
export function createEmulatorFetch(emulatorUrl: string): typeof fetch {
  // What is asked is kept until it is answered: the signal of a request that has been collected aborts nothing any more.
  const asked = new Set<readonly unknown[]>();
  return async (input, init) => {
    const request = new Request(input, init);
    const kept = [input, request];
    asked.add(kept);
    try {
      return await fetch(...toRouted(emulatorUrl, request, init));
    } finally {
      asked.delete(kept);
    }
  };
}

function toRouted(emulatorUrl: string, request: Request, init: RequestInit | undefined): Parameters<typeof fetch> {
  if (isLoopback(new URL(request.url).hostname)) return [request];
  const { url, headers } = toSiteRoute(emulatorUrl, request.url);
  const routed = new Headers(request.headers);
  for (const [name, value] of Object.entries(headers)) routed.set(name, value);
  return [url, { ...init, method: request.method, headers: routed, signal: request.signal, redirect: request.redirect }];
}

function toSiteRoute(emulatorUrl: string, site: string | URL): SiteRoute {
  const { hostname, pathname, search } = new URL(site);
  return { url: new URL(pathname + search, emulatorUrl).href, headers: { [siteHostHeader]: hostname } };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function toEmulator(running: RunningEmulator): VercelEmulator {
  const { url = "", token = "", teamId = "" } = running.address;
  return { ...connectVercelEmulator(url), token, teamId, ...toStoppable(running) };
}
