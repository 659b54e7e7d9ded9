import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsup";
import { afterAll } from "vitest";

const packageFolder = join(import.meta.dirname, "../..");

/** Builds an entry point as it is published, beside what it depends on, and answers the folder; that is removed after the tests. */
export function buildEntry(name: string): Promise<string> {
  return buildScript(name, join(packageFolder, `src/${name}.ts`));
}

/** Builds a script with the sources that it imports, for tests that start it many times, and answers the folder; that is removed after the tests. */
export async function buildScript(name: string, file: string): Promise<string> {
  const folder = mkdtempSync(join(packageFolder, `node_modules/${name}-entry-`));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  await build({
    config: false,
    entry: { [name]: file },
    outDir: folder,
    format: "esm",
    target: "node22",
    outExtension: () => ({ js: ".mjs" }),
    external: [/^[^./]/],
    removeNodeProtocol: false,
    tsconfig: join(packageFolder, "tsconfig.build.json"),
    silent: true,
  });
  return folder;
}
