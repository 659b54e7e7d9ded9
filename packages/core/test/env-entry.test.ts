import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build } from "tsup";
import { afterAll, beforeAll, expect, test } from "vitest";

const packageFolder = join(import.meta.dirname, "..");
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(packageFolder, "node_modules/env-entry-"));
  await build({
    config: false,
    entry: { env: join(packageFolder, "src/env.ts") },
    outDir: folder,
    format: "esm",
    target: "node22",
    outExtension: () => ({ js: ".mjs" }),
    external: [/^[^./]/],
    removeNodeProtocol: false,
    tsconfig: join(packageFolder, "tsconfig.build.json"),
    silent: true,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("is required by CommonJS, and loads nothing besides itself, of Node neither", async () => {
  const program = `
    const loaded = new Set();
    require("node:module").registerHooks({
      load(url, context, next) {
        loaded.add(url.split("/node_modules/").at(-1).split("/")[0]);
        return next(url, context);
      },
    });
    const { createEnv } = require("./env.mjs");
    console.log(createEnv({}, process.env).release.id);
    console.log([...loaded].join());
  `;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=commonjs", "--eval", program], {
    cwd: folder,
    env: { FAIRLEAD_RELEASE: "rel_1" },
    timeout: 20_000,
  });
  expect([stdout, stderr]).toEqual([`rel_1\n${basename(folder)}\n`, ""]);
});
