import { fail, toMilliseconds, type Duration, type JsonObject } from "@fairlead/core";
import { emulatorErrors } from "./emulator-errors.js";
import { writeFault, type Fault } from "./fault.js";
import type { SetFault } from "./fault-book.js";
import type { HeldResponse } from "./held-responses.js";
import type { Ledger } from "./ledger.js";

/** What every running emulator can be asked and told, from this process or another. All calls throw `EMULATOR_UNREACHABLE` when it is gone. */
export interface EmulatorControl<L extends Ledger = Ledger, State = JsonObject, Settings = JsonObject> {
  /** Where the control endpoint is: `${controlUrl}/__emulator/ledger`. */
  readonly controlUrl: string;
  /** Everything that arrived and everything that it changed, in order. */
  ledger(): Promise<L>;
  /** What the provider holds now. */
  state(): Promise<State>;
  /** Changes settings while it runs; what is left out stays. Returns all of them. */
  configure(settings: Partial<Settings>): Promise<Settings>;
  /** Sets a fault and returns its id. */
  fault(fault: Fault): Promise<string>;
  /** The faults that are set and how often each was met. */
  faults(): Promise<readonly SetFault[]>;
  /** Removes one fault, or all. */
  clearFaults(id?: string): Promise<void>;
  /** Waits until a response is held (see the fault kinds `hold` and `hold-before`). Throws `EMULATOR_NOTHING_HELD` after `within` (default 10 s). */
  held(options?: { readonly within?: Duration }): Promise<HeldResponse>;
  /** Lets one held response go, or all. */
  release(id?: string): Promise<void>;
  /** Moves the emulator's clock forward. */
  advance(by: Duration): Promise<void>;
  /** Keeps the provider's state, to go back to it with `reset({ snapshot })`. */
  snapshot(): Promise<string>;
  /** Empties the ledger, removes all faults and goes back to the start or to a snapshot. Settings and addresses stay. */
  reset(options?: { readonly snapshot?: string }): Promise<void>;
}

/** Talks to the control endpoint of an emulator. */
export function createControlClient<L extends Ledger, State, Settings>(
  controlUrl: string,
  call = createControlCall(controlUrl),
): EmulatorControl<L, State, Settings> {
  return {
    controlUrl,
    ledger: () => call<L>("GET", "ledger"),
    state: () => call<State>("GET", "state"),
    configure: (settings) => call<Settings>("POST", "settings", settings),
    fault: async (fault) => (await call<{ id: string }>("POST", "faults", writeFault(fault))).id,
    faults: () => call<readonly SetFault[]>("GET", "faults"),
    async clearFaults(id) {
      await call("DELETE", id === undefined ? "faults" : `faults?id=${id}`);
    },
    async held({ within = "10s" } = {}) {
      const waitedMs = toMilliseconds(within);
      const [first] = await call<readonly HeldResponse[]>("GET", `held?wait=${String(waitedMs)}`);
      if (first === undefined) throw fail(emulatorErrors, "EMULATOR_NOTHING_HELD", { waitedMs });
      return first;
    },
    async release(id) {
      await call("POST", "release", { id });
    },
    async advance(by) {
      await call("POST", "clock", { by });
    },
    snapshot: async () => (await call<{ snapshot: string }>("POST", "snapshot")).snapshot,
    async reset(options = {}) {
      await call("POST", "reset", options);
    },
  };
}

/** One call of the control endpoint. The answer's shape is the emulator's promise; both sides are of this package. */
export type ControlCall = <T>(method: "GET" | "POST" | "DELETE", name: string, body?: unknown) => Promise<T>;

/** Calls the control endpoint at `controlUrl`. */
export function createControlCall(controlUrl: string): ControlCall {
  return async <T>(method: string, name: string, body?: unknown): Promise<T> => {
    const path = `/__emulator/${name}`;
    const response = await fetch(new URL(path, controlUrl), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    }).catch((cause: unknown) => {
      throw fail(emulatorErrors, "EMULATOR_UNREACHABLE", { url: controlUrl }, { cause });
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw fail(emulatorErrors, "EMULATOR_REQUEST_REFUSED", { path, reason: (answer as { reason: string }).reason });
    return answer as T;
  };
}
