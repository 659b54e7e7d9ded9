import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { buildEntry } from "./support/build-entry.js";

const folder = await buildEntry("env");

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
    timeout: 180_000,
  });
  expect([stdout, stderr]).toEqual([`rel_1\n${basename(folder)}\n`, ""]);
});
