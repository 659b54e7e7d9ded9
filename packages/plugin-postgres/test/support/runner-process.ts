import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Duration } from "@fairlead/core";
import { sourceFlags } from "@fairlead/test-support";

/** What a process of its own is to migrate. */
export interface RunnerOrder {
  readonly url: string;
  readonly folder: string;
  readonly deployment: string;
  readonly lease?: Duration;
  /** `apply` (default): what is pending in phase `expand`. */
  readonly act?: "apply" | "verify";
}

export interface RunnerReport {
  /** What it applied. */
  readonly applied?: readonly string[];
  readonly error?: { readonly message: string };
}

/** Starts a process that migrates, as a second machine would. */
export function startRunner(order: RunnerOrder): {
  /** Resolves with what it reports; with nothing if it was killed. */
  readonly ended: Promise<RunnerReport | undefined>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
} {
  const child = fork(fileURLToPath(new URL("./run-migrations.ts", import.meta.url)), [], {
    execArgv: [...sourceFlags],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let report: RunnerReport | undefined;
  child.on("message", (message) => {
    report = message as RunnerReport;
  });
  const gone = once(child, "exit");
  child.send(order);
  return {
    ended: gone.then(() => report),
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
