/** What tells a process to stop; `process` is one. */
export interface CliSignals {
  on(event: "SIGINT" | "SIGTERM" | "beforeExit" | "exit", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM" | "beforeExit" | "exit", listener: () => void): unknown;
}

export type SignalName = "SIGINT" | "SIGTERM";

/** Called for the first signal with 1, for the second with 2, … */
type InterruptListener = (count: number, signal: SignalName) => void;

/** Signals while a command runs: they are the command's to answer, and end nothing by themselves. */
export interface Interrupts {
  /** Whoever asked last is told; signals are counted anew. */
  use(listener: InterruptListener): void;
  /** Signals do what they did before. */
  release(): void;
}

export function createInterrupts(signals: CliSignals): Interrupts {
  let current: InterruptListener = () => undefined;
  let count = 0;
  const listenerOf = (signal: SignalName) => (): void => {
    count += 1;
    current(count, signal);
  };
  const onInterrupt = listenerOf("SIGINT");
  const onTerminate = listenerOf("SIGTERM");
  signals.on("SIGINT", onInterrupt);
  signals.on("SIGTERM", onTerminate);
  return {
    use(listener) {
      count = 0;
      current = listener;
    },
    release() {
      signals.off("SIGINT", onInterrupt);
      signals.off("SIGTERM", onTerminate);
    },
  };
}

/** What people call a signal. */
export function signalWord(signal: SignalName): string {
  return signal === "SIGINT" ? "Ctrl-C" : signal;
}
