import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sourceFlags } from "@fairlead/test-support";
import { expect, test } from "vitest";

test("importing the plugin and making it loads neither Vercel's client nor the HTTP library", async () => {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { vercel } = await import("@fairlead/plugin-vercel");
    const { secret } = await import("@fairlead/core");
    vercel({ project: "shop", token: secret("VERCEL_TOKEN") });
    console.log(JSON.stringify(loaded));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags, "--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
  });
  const loaded: readonly string[] = JSON.parse(stdout);
  expect(loaded.some((url) => url.includes("plugin-vercel/src/vercel-target"))).toBe(true);
  expect(loaded.filter((url) => /node_modules\/(@vercel|ky)\//.test(url))).toEqual([]);
});
