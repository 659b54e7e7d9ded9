import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { matrixCases } from "@fairlead/test-support";
import { expectDrain, healthProbes, routeProbes, startServer, type RunningServer } from "@fairlead/test-support/servers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const token = "ci-0123456789-0123456789";
const release = "rel_next";
const cwd = join(import.meta.dirname, "..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "next-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("its routes answer what Fairlead knows, and leave the rest to the application", async () => {
  vi.stubEnv("DEPLOY_TOKEN", token).stubEnv("JOURNAL", join(folder, "routes.db")).stubEnv("FAIRLEAD_RELEASE", release);
  const { GET, HEAD, POST } = await import("../app/api/[...path]/route.ts");
  const { shop } = await import("../lib/shop.ts");
  const ask = (path: string, init?: RequestInit) => new Request(`http://127.0.0.1${path}`, init);
  try {
    await expect.poll(async () => (await GET(ask("/api/health"))).status).toBe(200);
    const health = await GET(ask("/api/health"));
    expect(await health.json()).toMatchObject({ status: "healthy", release });
    expect(await HEAD(ask("/api/health/ready", { method: "HEAD" }))).toMatchObject({ status: 200, body: null });
    const trigger = { method: "POST", body: JSON.stringify({ environment: "development", commit: "c0ffee1" }) };
    expect((await POST(ask("/api/deploy/trigger", trigger))).status).toBe(401);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    expect((await POST(ask("/api/deploy/trigger", { ...trigger, headers }))).status).toBe(202);
    const nothing = await GET(ask("/api/nothing"));
    expect([nothing.status, nothing.headers.get("content-type")]).toEqual([404, "text/plain;charset=UTF-8"]);
  } finally {
    await shop.close();
    vi.unstubAllEnvs();
  }
});

// Next takes a minute to build: not in each run.
describe.each(matrixCases(["a server without node_modules beside it"], { sample: 0 }))("%s", () => {
  let server: RunningServer;

  beforeAll(async () => {
    await rm(join(cwd, ".next"), { recursive: true, force: true });
    const environment = { PATH: process.env["PATH"], NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
    await promisify(execFile)(process.execPath, ["node_modules/next/dist/bin/next", "build"], { cwd, env: environment });
    const env = {
      DEPLOY_TOKEN: token,
      JOURNAL: join(folder, "server.db"),
      FAIRLEAD_RELEASE: release,
      HOSTNAME: "127.0.0.1",
      NEXT_MANUAL_SIG_HANDLE: "true",
    };
    server = await startServer("test/start.js", { cwd, env });
  }, 600_000);

  test.each([...healthProbes(), ...routeProbes])("$name", ({ run }) => run({ port: server.port, release, token }));

  test("ends without a lost request when it is asked to", () => expectDrain(server));
});
