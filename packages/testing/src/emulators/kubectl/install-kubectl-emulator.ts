import { installProgram } from "../shared/install-program.js";

/**
 * Writes an executable `kubectl` into a folder and answers its path. It stands for the program where that is not installed: server-side `apply` with its dry run, `get`, `delete` and
 * `config view` of objects that are named by files, and their exit codes; of syntaxes JSON alone, of kinds those of the emulator of the API. It refuses what it does not know.
 */
export function installKubectlEmulator(folder: string): Promise<string> {
  return installProgram(folder, "kubectl", {
    built: "@fairlead/testing/emulators/kubectl",
    source: new URL("./program.ts", import.meta.url),
  });
}
