import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, requireService } from "@fairlead/test-support";
import { afterEach, beforeEach, expect, test } from "vitest";
import { browserCheck } from "../../src/health.js";

beforeEach((context) => requireService(context, chromium));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const silent = () => undefined;
const call = { signal: new AbortController().signal, log: { info: silent, warn: silent, error: silent } };

/** A browser, and where it speaks the DevTools protocol. */
async function startBrowser(): Promise<{ readonly browser: ChildProcess; readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-browser-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", `--user-data-dir=${folder}`];
  const browser = spawn("/usr/bin/chromium", options, { stdio: ["ignore", "ignore", "pipe"] });
  cleanups.push(async () => {
    if (browser.exitCode === null && browser.signalCode === null) {
      browser.kill("SIGKILL");
      await once(browser, "exit");
    }
  });
  for await (const line of createInterface(browser.stderr)) {
    const [, port] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
    if (port === undefined) continue;
    browser.stderr.resume();
    return { browser, url: `http://127.0.0.1:${port}` };
  }
  return expect.fail("the browser has ended");
}

test("a browser is up with its version while it lives, and down when it has gone", { timeout: 180_000 }, async () => {
  const { browser, url } = await startBrowser();
  const check = browserCheck({ name: "browser", url });
  expect(await check.run(call)).toMatchObject({ status: "up", data: { browser: expect.stringContaining("Chrom") as string } });
  browser.kill("SIGKILL");
  await once(browser, "exit");
  await expect(check.run(call)).rejects.toThrow("fetch failed");
});
