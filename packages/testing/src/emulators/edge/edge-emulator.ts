import { createControlCall, createControlClient, type EmulatorControl } from "../shared/control-client.js";
import type { Ledger } from "../shared/ledger.js";
import { toStoppable, type EmulatorDraft, type RunningEmulator, type Stoppable } from "../shared/running-emulator.js";
import { spawnEmulator } from "../spawn-emulator.js";
import type { EdgeEmulatorOptions, EdgeSettings } from "./edge-options.js";
import type { EdgeShift } from "./edge-state.js";
import { runEdgeEmulator } from "./run-edge-emulator.js";

/** The ledger of an emulated edge. */
export interface EdgeLedger extends Ledger {
  /** How many effects of each kind came to be under each `Idempotency-Key`: `{ "dep_1/web.shift.10": { "share.set": 1 } }`. Without a key: under `""`. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By service: how many of the users' requests each upstream answered, and how many nobody did. */
  readonly traffic: Readonly<Record<string, { readonly answered: Readonly<Record<string, number>>; readonly failed: number }>>;
}

/** A service of an edge. */
export interface EdgeServiceView {
  readonly service: string;
  /** Addresses by id. */
  readonly upstreams: Readonly<Record<string, string>>;
  /** Gets all requests while no shift is open. */
  readonly primary?: string;
  readonly shift?: EdgeShift;
  /** Percentages of new requests. */
  readonly weights: Readonly<Record<string, number>>;
  readonly inFlight: Readonly<Record<string, number>>;
  /** Requests that were sent to each upstream, and of those the ones that it answered with 500 or more, or not at all. */
  readonly counts: Readonly<Record<string, { readonly requests: number; readonly errors: number }>>;
}

/** What an emulated edge holds. */
export interface EdgeView {
  readonly settings: EdgeSettings;
  readonly services: readonly EdgeServiceView[];
}

/** A running edge, from any process. */
export interface EdgeEmulatorControl extends EmulatorControl<EdgeLedger, EdgeView, EdgeSettings> {
  /** Where the users of a service send their requests. */
  siteUrl(service: string): Promise<string>;
}

/** A running edge that this process started. */
export interface EdgeEmulator extends EdgeEmulatorControl, Stoppable {
  /** The admin API's origin. */
  readonly url: string;
  /** What the admin API expects as a bearer. */
  readonly token: string;
}

/** Starts an edge in a process of its own. Throws `EMULATOR_START_FAILED`. */
export async function startEdgeEmulator(options: EdgeEmulatorOptions = {}): Promise<EdgeEmulator> {
  return toEdge(await spawnEmulator("edge", options));
}

/** An edge in this process. */
export function createEdgeEmulator(options: EdgeEmulatorOptions = {}): EmulatorDraft<EdgeEmulator> {
  return { listen: async () => toEdge(await runEdgeEmulator(options)) };
}

/** An edge that another process started. */
export function connectEdgeEmulator(url: string): EdgeEmulatorControl {
  const call = createControlCall(url);
  return {
    ...createControlClient<EdgeLedger, EdgeView, EdgeSettings>(url, call),
    siteUrl: async (service) => (await call<{ url: string }>("POST", "sites", { service })).url,
  };
}

function toEdge(running: RunningEmulator): EdgeEmulator {
  const { url = "", token = "" } = running.address;
  return { ...connectEdgeEmulator(url), url, token, ...toStoppable(running) };
}
