import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import * as http2 from "node:http2";
import { connect, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { listening } from "@fairlead/test-support";
import { createTestClock } from "@fairlead/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createHealth, toNodeHandler } from "../../src/health.js";
import { createDrain } from "../../src/node.js";
import type { Clock } from "../../src/time/clock.js";
import { nextTurn } from "../../src/time/next-turn.js";
import { startShop } from "./support/start-shop.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function ask(port: number, path: string, agent: Agent | false = false) {
  const request = httpRequest({ port, host: "127.0.0.1", path, agent }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, connection: response.headers.connection, body: await text(response) };
}

async function shop(listener?: RequestListener) {
  const clock = createTestClock();
  const health = createHealth({ clock });
  const answerHealth = toNodeHandler(health);
  const server = createServer((request, response) =>
    answerHealth(request, response, () => (listener === undefined ? void response.end("open") : listener(request, response))),
  );
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const closed = vi.fn();
  const drain = createDrain({ health, servers: [server], delay: "5s", within: "20s", clock, log, close: closed });
  return { clock, server, drain, log, closed, port: await listening(server, cleanups) };
}

describe("draining", () => {
  test("says at once that it is not ready, lives, serves on and lets connections go; then closes", async () => {
    const { clock, server, drain, closed, port } = await shop();
    const agent = new Agent({ keepAlive: true });
    cleanups.push(() => agent.destroy());
    expect(await ask(port, "/", agent)).toMatchObject({ status: 200, connection: "keep-alive" });
    expect((await ask(port, "/api/health/ready")).status).toBe(200);
    const drained = drain.begin();
    expect(drain.begin()).toBe(drained);
    expect((await ask(port, "/api/health/ready")).status).toBe(503);
    expect((await ask(port, "/api/health/live")).status).toBe(200);
    expect((await ask(port, "/api/health")).status).toBe(200);
    expect(await ask(port, "/", agent)).toEqual({ status: 200, connection: "close", body: "open" });
    await clock.advance("4999ms");
    expect(await ask(port, "/")).toMatchObject({ status: 200, body: "open" });
    expect([server.listening, closed.mock.calls.length]).toEqual([true, 0]);
    await clock.advance("1ms");
    expect(await drained).toEqual({ cut: 0 });
    expect([server.listening, closed.mock.calls.length]).toEqual([false, 1]);
  });

  test("answers what has come when it closes, though nobody has read it yet", async () => {
    const server = createServer((_, response) => void response.end("open"));
    const delay = Promise.withResolvers<undefined>();
    const clock: Clock = { now: () => 0, sleep: (milliseconds) => (milliseconds === 5_000 ? delay.promise : new Promise(() => undefined)) };
    const drain = createDrain({ servers: [server], delay: "5s", clock });
    const port = await listening(server, cleanups);
    const [idle, young] = [connect(port, "127.0.0.1"), new Socket()];
    cleanups.push(() => [idle, young].forEach((socket) => socket.destroy()));
    const request = "GET / HTTP/1.1\r\nhost: shop\r\n\r\n";
    const first = once(idle, "data");
    idle.write(request);
    await first;
    const drained = drain.begin();

    // Both are with the machine, and the process closes before it looks.
    idle.write(request);
    young.connect(port, "127.0.0.1");
    young.write(request);
    delay.resolve(undefined);

    expect(await Promise.all([text(idle), text(young)])).toEqual([expect.stringMatching(/open/), expect.stringMatching(/open/)]);
    expect(await drained).toEqual({ cut: 0 });
  });

  test("waits for what is under way", async () => {
    let finish: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { clock, drain, closed, port } = await shop((_, response) => void begun.then(() => response.end("done")));
    const slow = ask(port, "/slow");
    await expect.poll(() => ask(port, "/api/health/live").then(({ status }) => status)).toBe(200);
    const drained = drain.begin();
    await clock.advance("24s");
    expect(closed).not.toHaveBeenCalled();
    finish();
    expect(await slow).toMatchObject({ status: 200, body: "done" });
    expect(await drained).toEqual({ cut: 0 });
  });

  test("cuts what never ends, and says so", async () => {
    const arrived = Promise.withResolvers<undefined>();
    const { clock, drain, closed, log, port } = await shop(() => arrived.resolve(undefined));
    const hanging = ask(port, "/hang").catch((error: unknown) => (error as NodeJS.ErrnoException).code);
    await arrived.promise;
    const drained = drain.begin();
    await clock.advance("25s");
    await clock.advance("1s");
    expect(await drained).toEqual({ cut: 1 });
    expect(await hanging).toBe("ECONNRESET");
    expect(log.warn.mock.calls).toEqual([["connections were cut", { cut: 1 }]]);
    expect(closed).toHaveBeenCalledOnce();
  });

  test("lets HTTP/2 finish", async () => {
    const clock = createTestClock();
    const server = http2.createServer((_, response) => void response.end("open"));
    const drain = createDrain({ servers: [server], delay: "1s", clock });
    const session = http2.connect(`http://127.0.0.1:${String(await listening(server, cleanups))}`);
    const goneAway = once(session, "close");
    const stream = session.request().end();
    expect(await text(stream)).toBe("open");
    const drained = drain.begin();
    await clock.advance("1s");
    await goneAway;
    expect(await drained).toEqual({ cut: 0 });
  });

  test("passes on what closing throws, after everything else", async () => {
    const clock = createTestClock();
    const server = createServer();
    await listening(server, cleanups);
    const close = () => {
      throw new Error("the pool is stuck");
    };
    const drained = createDrain({ servers: [server], delay: "0s", clock, close }).begin();
    const failed = expect(drained).rejects.toThrow("the pool is stuck");
    await clock.advance("0s");
    await failed;
    expect(server.listening).toBe(false);
  });

  test("a server that never listened is closed already", async () => {
    const clock = createTestClock();
    const drained = createDrain({ servers: [createServer()], delay: "0s", clock }).begin();
    await clock.advance("0s");
    expect(await drained).toEqual({ cut: 0 });
  });

  test.each([{ delay: "soon" }, { within: "5" }])("refuses %o", (mistake) => {
    const invalid = expect.objectContaining({ code: "HEALTH_OPTION_INVALID" });
    expect(() => createDrain({ servers: [], ...(mistake as { delay: "1s" }) })).toThrow(invalid);
  });

  test("listens for signals only when told to, and stops", async () => {
    const drain = createDrain({ servers: [], delay: "0s" });
    const count = () => process.listenerCount("SIGUSR2");
    const before = count();
    const stop = drain.onSignals(["SIGUSR2"]);
    expect(count()).toBe(before + 1);
    stop();
    expect(count()).toBe(before);
    await nextTurn();
  });
});

test("a process that is told to end drains, and ends by itself", async () => {
  const { child, port } = await startShop({ delay: "5s" });
  cleanups.push(() => child.kill("SIGKILL"));
  await expect.poll(async () => (await ask(port, "/api/health/ready")).status, { timeout: 90_000 }).toBe(200);
  const ended = once(child, "exit");
  const output = text(child.stdout);
  child.kill("SIGTERM");
  await expect.poll(async () => (await ask(port, "/api/health/ready")).status, { timeout: 90_000 }).toBe(503);
  expect(await ended).toEqual([0, null]);
  expect(await output).toContain("closed");
});
