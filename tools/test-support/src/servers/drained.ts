import { expect } from "vitest";
import { ask } from "./ask.js";
import type { RunningServer } from "./start-server.js";

/** Ends a server with SIGTERM: not ready at once, though alive and serving until its delay is over; then it ends by itself, and has complained of nothing. */
export async function expectDrain({ port, child, ended, complaints }: RunningServer): Promise<void> {
  child.kill("SIGTERM");
  await expect.poll(async () => (await ask(port, "/api/health/ready")).status, { timeout: 50_000, interval: 20 }).toBe(503);
  expect((await ask(port, "/api/health/live")).status).toBe(200);
  expect(await ask(port, "/products")).toMatchObject({ status: 200, headers: { connection: "close" } });
  child.kill("SIGUSR2");
  expect(await ended).toBe(0);
  // A host may well say that somebody has sent it nonsense.
  expect(await complaints).not.toMatch(/Warning|Unhandled|Uncaught|packages\/core\/src/);
  await expect(ask(port, "/api/health/live")).rejects.toThrow("ECONNREFUSED");
}
