import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const flags = ["--conditions=@fairlead/source", `--import=${new URL("../../src/emulators/run-from-source.mjs", import.meta.url).href}`];

/** Starts a script of this folder in a process of its own, on the sources. Its standard error is ours. One that does not end is killed before the test's own time is over. */
export function runScript(name: string, ...values: readonly string[]): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const script = fileURLToPath(new URL(`./${name}`, import.meta.url));
  const child = spawn(process.execPath, [...flags, script, ...values], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 150_000,
    killSignal: "SIGKILL",
  });
  return child;
}

/** How a process ended: its exit code, or the signal that ended it. */
export function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(signal ?? code);
    });
  });
}
