import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tmpdir } from "node:os";
import { listening } from "@fairlead/test-support";
import { createTestClock } from "@fairlead/testing";
import { nextTurn } from "../../time/next-turn.js";
import { afterEach, describe, expect, test } from "vitest";
import { selfSigned } from "../../../test/support/self-signed.js";
import type { CallOptions } from "../../contract/call.js";
import type { ApplicationCheck } from "../../contract/check.js";
import { systemClock } from "../../time/clock.js";
import { browserCheck } from "../checks/browser-check.js";
import { runCheck } from "../run-check.js";
import { certificateCheck, diskCheck, eventLoopCheck, memoryCheck, tcpCheck } from "./index.js";

const silent = () => undefined;
const call: CallOptions = { signal: new AbortController().signal, log: { info: silent, warn: silent, error: silent } };
const ask = (check: ApplicationCheck) => runCheck(check, call, systemClock);
const invalid = expect.objectContaining({ code: "CHECK_INVALID" });

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("TCP", () => {
  test("somebody listens, or nobody", async () => {
    const port = await listening(
      createServer((socket) => socket.destroy()),
      cleanups,
    );
    expect(await ask(tcpCheck({ name: "queue", host: "127.0.0.1", port }))).toMatchObject({ status: "up" });
    const closed = tcpCheck({ name: "queue", host: "127.0.0.1", port: await freePort() });
    expect(await ask(closed)).toMatchObject({ status: "down", reason: "refused" });
  });

  test("a name that does not exist", async () => {
    const check = tcpCheck({ name: "queue", host: "queue.invalid", port: 80, timeout: "20s" });
    expect(await ask(check)).toMatchObject({ status: "down", reason: "dns" });
  });

  test("refuses no host", () => {
    for (const host of ["", undefined as unknown as string]) expect(() => tcpCheck({ name: "queue", host, port: 80 })).toThrow(invalid);
  });

  test.each([0, 65_536, 1.5, NaN])("refuses the port %d", (port) => {
    expect(() => tcpCheck({ name: "queue", host: "a", port })).toThrow(invalid);
    expect(() => certificateCheck({ name: "site", host: "a", port })).toThrow(invalid);
  });
});

describe("a certificate", () => {
  const clock = createTestClock({ start: "2026-03-01T00:00:00Z" });
  const day = 86_400_000;
  async function site(days: number) {
    // What TLS accepts goes by the machine's time, what expires soon by the clock.
    const { cert, key } = selfSigned({ from: new Date("2020-01-01"), until: new Date(clock.now() + days * day) });
    const port = await listening(
      createTlsServer({ cert, key }, (socket) => socket.end()),
      cleanups,
    );
    return { name: "site", host: "localhost", port, timeout: "20s", ca: cert, clock } as const;
  }

  test("is good, or expires soon, or has expired", async () => {
    expect(await ask(certificateCheck(await site(20_000)))).toMatchObject({ status: "up" });
    const later = createTestClock({ start: new Date(clock.now() + 19_990 * day).toISOString() });
    const soon = { ...(await site(20_000)), clock: later };
    expect(await ask(certificateCheck(soon))).toMatchObject({ status: "degraded", reason: "certificate_expiring" });
    expect(await ask(certificateCheck({ ...soon, atLeast: "9d" }))).toMatchObject({ status: "up" });
    expect(await ask(certificateCheck(await site(-1_000)))).toMatchObject({ status: "down", reason: "certificate_expired" });
  });

  test("that nobody trusts, and a server that speaks no TLS", async () => {
    const { ca, ...untrusted } = await site(20_000);
    expect(ca).toContain("CERTIFICATE");
    expect(await ask(certificateCheck(untrusted))).toMatchObject({ status: "down", reason: "tls" });
    const port = await listening(createHttpServer(), cleanups);
    expect((await ask(certificateCheck({ ...untrusted, port }))).status).toBe("down");
  });
});

describe("a browser", () => {
  const version = { Browser: "Chrome/140.0.1", webSocketDebuggerUrl: "ws://127.0.0.1/devtools/browser/1" };
  test.each<[string, number, unknown, object]>([
    ["answers", 200, version, { status: "up", data: { browser: "Chrome/140.0.1" } }],
    ["is another server", 200, { status: "ok" }, { status: "down", reason: "no_browser" }],
    ["is broken", 500, version, { status: "down", reason: "http_500" }],
  ])("%s", async (_, status, body, expected) => {
    const paths: unknown[] = [];
    const server = createHttpServer(({ url }, response) => {
      paths.push(url);
      response.writeHead(status).end(JSON.stringify(body));
    });
    const url = `http://127.0.0.1:${String(await listening(server, cleanups))}`;
    expect(await ask(browserCheck({ name: "browser", url, timeout: "20s" }))).toMatchObject(expected);
    expect(paths).toEqual(["/json/version"]);
  });
});

describe("this machine", () => {
  test("a disk", async () => {
    const disk = { name: "disk", path: tmpdir() };
    expect(await ask(diskCheck({ ...disk, degradedAbove: 1, downAbove: 1 }))).toMatchObject({ status: "up" });
    expect(await ask(diskCheck({ ...disk, downAbove: 0 }))).toMatchObject({ status: "down", reason: "disk_full" });
    expect(await ask(diskCheck({ ...disk, path: "/does/not/exist" }))).toMatchObject({ status: "down", reason: "check_failed" });
    expect(() => diskCheck({ ...disk, downAbove: -1 })).toThrow(invalid);
  });

  test("the memory of this process", async () => {
    const { data, status } = await ask(memoryCheck({ name: "memory", degradedAbove: 1, downAbove: 1 }));
    expect(status).toBe("up");
    expect(data?.["rssBytes"]).toBeGreaterThan(1_000_000);
    expect(await ask(memoryCheck({ name: "memory", degradedAbove: 0 }))).toMatchObject({ status: "degraded", reason: "memory_full" });
    expect(await ask(memoryCheck({ name: "memory", downAbove: 0 }))).toMatchObject({ status: "down", reason: "memory_full" });
  });

  test("an event loop that is blocked all the time makes requests wait, one that turns does not", async () => {
    const check = eventLoopCheck({ name: "event-loop", degradedAbove: "100ms", downAbove: "1h" });
    expect(await ask(check)).toMatchObject({ status: "up" });
    await nextTurn();
    for (let turn = 0; turn < 3; turn += 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      await nextTurn();
      await nextTurn();
    }
    const blocked = await ask(check);
    expect(blocked).toMatchObject({ status: "degraded", reason: "event_loop_stalled" });
    expect(blocked.data?.["delay"]).toBeGreaterThan(150);
    const unlimited = eventLoopCheck({ name: "event-loop", degradedAbove: "1h", downAbove: "1h" });
    expect(unlimited.kind).toBe("process");
    expect(await ask(unlimited)).toMatchObject({ status: "up" });
  });
});
