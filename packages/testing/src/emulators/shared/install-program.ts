import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Writes an executable into a folder that starts a program of this package, and answers its path. `built` is its published entry, `source` its file in a checkout. */
export async function installProgram(
  folder: string,
  name: string,
  entry: { readonly built: string; readonly source: URL },
): Promise<string> {
  const isSource = import.meta.url.endsWith(".ts");
  const file = fileURLToPath(isSource ? entry.source : import.meta.resolve(entry.built));
  const flags = isSource ? ["--conditions=@fairlead/source", `--import=${new URL("../run-from-source.mjs", import.meta.url).href}`] : [];
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const words = [process.execPath, ...flags, file].map(quoted).join(" ");
  // It is started for every command: what it is compiled to is kept.
  await writeFile(path, `#!/bin/sh\nNODE_COMPILE_CACHE=${quoted(join(folder, ".cache"))} exec ${words} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
