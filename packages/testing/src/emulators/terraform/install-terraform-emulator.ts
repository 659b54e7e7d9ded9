import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Writes an executable `terraform` into a folder and answers its path. It stands for the program where that is not installed: commands, flags, exit codes, locks, plans bound to a version of the
 * state, and the documented JSON; of resources it knows `terraform_data` with `local-exec`, of syntaxes JSON (`*.tf.json`), of backends the local one. It refuses what it does not know.
 */
export async function installTerraformEmulator(folder: string): Promise<string> {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = isSource
    ? fileURLToPath(new URL("./program.ts", import.meta.url))
    : fileURLToPath(import.meta.resolve("@fairlead/testing/emulators/terraform"));
  const flags = isSource ? ["--conditions=@fairlead/source", `--import=${new URL("../run-from-source.mjs", import.meta.url).href}`] : [];
  await mkdir(folder, { recursive: true });
  const path = join(folder, "terraform");
  const words = [process.execPath, ...flags, entry].map(quoted).join(" ");
  // It is started for every command: what it is compiled to is kept.
  await writeFile(path, `#!/bin/sh\nNODE_COMPILE_CACHE=${quoted(join(folder, ".cache"))} exec ${words} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
