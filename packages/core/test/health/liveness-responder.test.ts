import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { createHealth, defineCheck, type Health } from "../../src/health.js";
import { startLivenessResponder } from "../../src/node.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function responding(health: Health, within: "100ms" | "1m") {
  const responder = await startLivenessResponder({ health, port: 0, within });
  cleanups.push(() => responder.close());
  return `http://127.0.0.1:${String(responder.port)}/`;
}

/** Blocks this thread, event loop and all, until a thread of its own has been answered 503, or has asked in vain for 20 s. */
function blockUntilRefused(url: string): { readonly status: number; readonly blocked: number } {
  const told = new Int32Array(new SharedArrayBuffer(12));
  const program = `
    const { workerData: { url, told } } = require("node:worker_threads");
    const until = Date.now() + 20_000;
    (async () => {
      let status = 0, blocked = 0;
      while (status !== 503 && Date.now() < until) {
        const response = await fetch(url);
        status = response.status;
        ({ blocked } = await response.json());
      }
      told[1] = status;
      told[2] = blocked;
      Atomics.store(told, 0, 1);
      Atomics.notify(told, 0);
    })();`;
  const worker = new Worker(program, { eval: true, workerData: { url, told } });
  cleanups.push(() => worker.terminate());
  Atomics.wait(told, 0, 0, 30_000);
  return { status: told[1] ?? 0, blocked: told[2] ?? 0 };
}

test("answers while the event loop is blocked, and says since when", async () => {
  const url = await responding(createHealth({ release: "rel_42" }), "100ms");
  const { status, blocked } = blockUntilRefused(url);
  expect(status).toBe(503);
  expect(blocked).toBeGreaterThan(100);
  await expect.poll(async () => (await fetch(url)).status, { timeout: 90_000 }).toBe(200);
});

test("says what liveness checks say, and draining kills nobody", async () => {
  let says: "up" | "down" = "up";
  const liveness = [defineCheck({ name: "watchdog", kind: "process", interval: "20ms", run: () => ({ status: says }) })];
  const health = createHealth({ liveness, release: "rel_42", startPeriod: "0s" }).background();
  cleanups.push(() => health.stop());
  const url = await responding(health, "1m");
  await expect.poll(() => health.snapshot().ready, { timeout: 90_000 }).toBe(true);
  health.drain();
  const response = await fetch(url);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-cache"]);
  expect(await response.json()).toEqual({ status: "healthy", release: "rel_42", blocked: expect.any(Number) });
  expect(await (await fetch(url, { method: "HEAD" })).text()).toBe("");
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
  says = "down";
  await expect.poll(async () => (await fetch(url)).status, { timeout: 90_000 }).toBe(503);
});

test("says when it cannot listen", async () => {
  const health = createHealth();
  const { port } = new URL(await responding(health, "1m"));
  await expect(startLivenessResponder({ health, port: Number(port) })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await expect(startLivenessResponder({ health, port: 70_000 })).rejects.toMatchObject({ code: "CHECK_INVALID" });
});
