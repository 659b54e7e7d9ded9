/** An emulator as an object of this process, before it listens. */
export interface EmulatorDraft<Handle> {
  /** Starts to listen in this process. */
  listen(): Promise<Handle>;
}

/** An emulator that this process started. Also works with `await using`. */
export interface Stoppable extends AsyncDisposable {
  /** The process that it runs in. */
  readonly pid: number;
  /** Stops it at once, with everything that it holds or lets hang. Harmless when repeated. */
  readonly stop: () => Promise<void>;
}

/** Where a started emulator can be reached: what its process reports and what a handle is made from. */
export type EmulatorAddress = Readonly<Record<string, string>>;

/** A started emulator and how to end it. */
export interface RunningEmulator {
  readonly address: EmulatorAddress;
  readonly stop: () => Promise<void>;
}

/** The part of a handle that is the same for every emulator. */
export function toStoppable({ address, stop }: RunningEmulator): Stoppable {
  let stopped: Promise<void> | undefined;
  const once = (): Promise<void> => (stopped ??= stop());
  return { pid: Number(address["pid"] ?? process.pid), stop: once, [Symbol.asyncDispose]: once };
}
