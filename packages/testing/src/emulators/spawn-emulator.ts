import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fail } from "@fairlead/core";
import type { EmulatorKind } from "./emulator-kinds.js";
import { emulatorErrors } from "./shared/emulator-errors.js";
import type { EmulatorAddress, RunningEmulator } from "./shared/running-emulator.js";

/** What the emulator's process says once. */
export type ProcessReport = { readonly address: EmulatorAddress } | { readonly failed: string };

/**
 * Starts an emulator in a process of its own. The process ends with `stop`, and by itself when the process that started it is gone;
 * it does not keep that one alive.
 */
export async function spawnEmulator(kind: EmulatorKind, options: unknown): Promise<RunningEmulator> {
  const { entry, execArgv } = entryPoint();
  const child = fork(entry, [kind], { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  const report = await new Promise<ProcessReport>((resolve) => {
    child.once("message", (message) => {
      resolve(message as ProcessReport);
    });
    child.once("error", (error) => {
      resolve({ failed: error.message });
    });
    child.once("exit", (code) => {
      resolve({ failed: `its process ended with exit code ${String(code)}` });
    });
    child.send({ options });
  });
  if ("failed" in report) {
    child.kill("SIGKILL");
    throw fail(emulatorErrors, "EMULATOR_START_FAILED", { kind, reason: report.failed });
  }
  child.unref();
  child.channel?.unref();
  return {
    address: { ...report.address, pid: String(child.pid) },
    async stop() {
      child.ref();
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The published package starts its built entry; from its sources (in a checkout) the TypeScript file is run as it is. */
function entryPoint(): { entry: string; execArgv: string[] } {
  if (!import.meta.url.endsWith(".ts"))
    return { entry: fileURLToPath(import.meta.resolve("@fairlead/testing/emulators/process")), execArgv: [] };
  return {
    entry: fileURLToPath(new URL("./process.ts", import.meta.url)),
    execArgv: ["--conditions=@fairlead/source", `--import=${new URL("./run-from-source.mjs", import.meta.url).href}`],
  };
}
