import { installProgram } from "../shared/install-program.js";

/**
 * Writes an executable `terraform` into a folder and answers its path. It stands for the program where that is not installed: commands, flags, exit codes, locks, plans bound to a version of the
 * state, and the documented JSON; of resources it knows `terraform_data` with `local-exec`, of syntaxes JSON (`*.tf.json`), of backends the local one. It refuses what it does not know.
 */
export function installTerraformEmulator(folder: string): Promise<string> {
  return installProgram(folder, "terraform", {
    built: "@fairlead/testing/emulators/terraform",
    source: new URL("./program.ts", import.meta.url),
  });
}
