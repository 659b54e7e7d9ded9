import { spawn } from "node:child_process";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { buildEntry } from "./support/build-entry.js";

const folder = await buildEntry("health");

/** Runs a CommonJS program beside the built entry, as an Express application of old would. */
async function run(program: string, cwd = folder) {
  const child = spawn(process.execPath, ["--input-type=commonjs", "--eval", program], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  // One that does not end by itself has no exit code.
  const kill = setTimeout(() => child.kill("SIGKILL"), 50_000);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [code, out, err] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  clearTimeout(kill);
  return { code, out, err };
}

test("is required by CommonJS and brings nothing of a deployer", async () => {
  const { code, out, err } = await run(`
    const loaded = new Set();
    require("node:module").registerHooks({
      load(url, context, next) {
        loaded.add(url.split("/node_modules/").at(-1).split("/")[0]);
        return next(url, context);
      },
    });
    const { createHealth, toNodeHandler } = require("./health.mjs");
    console.log(typeof toNodeHandler(createHealth()));
    console.log([...loaded].join());
  `);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`function\n${basename(folder)},eventemitter3\n`);
});

test("what needs Node.js is an entry of its own, which brings nothing more", async () => {
  const beside = await buildEntry("node");
  const { code, out, err } = await run(
    `
    const loaded = new Set();
    require("node:module").registerHooks({
      load(url, context, next) {
        if (!url.startsWith("node:")) loaded.add(url.split("/node_modules/").at(-1).split("/")[0]);
        return next(url, context);
      },
    });
    const { createDrain, diskCheck, startLivenessResponder } = require("./node.mjs");
    const checks = [diskCheck({ name: "disk", path: "/" })];
    console.log(typeof createDrain({ servers: [] }).begin, typeof startLivenessResponder, checks[0].name);
    console.log([...loaded].join());
  `,
    beside,
  );
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`function function disk\n${basename(beside)}\n`);
});

test("a program that has done its work ends, whatever its checks still do", async () => {
  const { code, out, err } = await run(`
    const { createHealth, defineCheck } = require("./health.mjs");
    const hanging = defineCheck({ name: "hanging", timeout: "1h", run: () => new Promise(() => {}) });
    const many = Array.from({ length: 100 }, (_, index) => defineCheck({ name: "check-" + index, run: () => ({ status: "up" }) }));
    process.on("warning", (warning) => console.log(warning.name));
    const health = createHealth({ checks: [hanging, ...many] }).background();
    health.onChange(({ checks }) => {
      if (checks.filter(({ status }) => status === "up").length === 100) console.log("100 up");
    });
    process.on("exit", () => console.log("done"));
  `);
  expect([code, out, err]).toEqual([0, "100 up\ndone\n", ""]);
});

test("while something else keeps it alive, checks go on", async () => {
  const { code, out, err } = await run(`
    const { createServer } = require("node:http");
    const { createHealth, defineCheck, httpCheck, toNodeHandler } = require("./health.mjs");
    let asked = 0;
    const health = createHealth();
    const server = createServer(toNodeHandler(health)).listen(0, "127.0.0.1", () => {
      const url = "http://127.0.0.1:" + server.address().port + "/api/health/live";
      health.add(httpCheck({ name: "self", url, interval: "20ms" }));
      health.add(defineCheck({ name: "count", interval: "20ms", run: () => {
        asked += 1;
        if (asked >= 5 && health.snapshot().status === "healthy" && server.listening) {
          console.log("healthy");
          server.close();
        }
        return { status: "up" };
      } }));
      health.background();
    });
  `);
  expect([code, out, err]).toEqual([0, "healthy\n", ""]);
});

test("a program does not end before it has the answer that it waits for, though nothing that is asked answers", async () => {
  const { code, out, err } = await run(`
    const { createHealth, defineCheck } = require("./health.mjs");
    const hanging = defineCheck({ name: "hanging", run: () => new Promise(() => undefined) });
    const health = createHealth({ checks: [hanging] }).onDemand();
    health.refresh().then(() => console.log(health.snapshot().status));
  `);
  expect([code, out, err]).toEqual([0, "unhealthy\n", ""]);
});
