import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVercelEmulator, type VercelEmulator } from "../vercel/vercel-emulator.js";
import type { Fault } from "./fault.js";

let emulator: VercelEmulator;

beforeEach(async () => {
  emulator = await createVercelEmulator({ token: "canaryToken" }).listen();
});

afterEach(() => emulator.stop());

/** Creates a project: a request whose act the ledger counts. */
function createProject(name: string, options: { readonly signal?: AbortSignal; readonly token?: string } = {}): Promise<Response> {
  const { token = "canaryToken", signal = null } = options;
  return fetch(`${emulator.url}/v11/projects`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ name }),
    signal,
  });
}

async function created(): Promise<string[]> {
  return (await emulator.ledger()).effects.filter(({ kind }) => kind === "project.created").map(({ details }) => details["name"] as string);
}

/** How the connection failed, as undici words it. */
async function failureOf(response: Promise<Response>): Promise<string> {
  return response.then(
    ({ status }) => `answered ${String(status)}`,
    (error: unknown) =>
      error instanceof Error && error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : String(error),
  );
}

describe("what a fault does", () => {
  it.each([
    ["reset-before", "ECONNRESET", false],
    ["reset-after", "ECONNRESET", true],
    ["lost-response", "UND_ERR_SOCKET", true],
  ] as const)("%s fails with %s; the act is done: %s", async (kind, code, acted) => {
    await emulator.fault({ kind });
    expect(await failureOf(createProject("a"))).toBe(code);
    expect(await created()).toEqual(acted ? ["a"] : []);
    expect((await emulator.ledger()).requests[0]).toMatchObject({ operation: "project.create", fault: kind, status: null });
    expect((await createProject("b")).status).toBe(200);
  });

  it.each([
    ["hang", false],
    ["hang-after", true],
  ] as const)("%s never answers; the act is done: %s", async (kind, acted) => {
    await emulator.fault({ kind });
    const controller = new AbortController();
    let settled = false;
    const response = createProject("a", { signal: controller.signal }).finally(() => {
      settled = true;
    });
    await expect.poll(async () => (await emulator.ledger()).requests.length).toBe(1);
    await expect.poll(created).toEqual(acted ? ["a"] : []);
    expect(settled).toBe(false);
    controller.abort();
    await expect(response).rejects.toThrow();
  });

  it("status answers in the provider's words and does not act; status-after acts", async () => {
    await emulator.fault({ kind: "status", status: 429, retryAfter: 7 });
    const limited = await createProject("a");
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await limited.json()).toMatchObject({ error: { code: "rate_limited", limit: { remaining: 0 } } });
    await emulator.fault({ kind: "status-after", status: 502, body: "<html>bad gateway</html>" });
    const broken = await createProject("b");
    expect([broken.status, await broken.text()]).toEqual([502, "<html>bad gateway</html>"]);
    expect(await created()).toEqual(["b"]);
  });

  it("delay acts at once and answers late", async () => {
    await emulator.fault({ kind: "delay", delay: "150ms" });
    const before = performance.now();
    const response = createProject("a");
    await expect.poll(created).toEqual(["a"]);
    expect((await response).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(140);
  });

  it("hold keeps the answer of what is done, hold-before keeps the act itself", async () => {
    await emulator.fault({ kind: "hold" });
    const done = createProject("a");
    expect(await emulator.held()).toMatchObject({ request: 1, operation: "project.create", acted: true });
    expect(await created()).toEqual(["a"]);
    await emulator.release();
    expect((await done).status).toBe(200);

    await emulator.fault({ kind: "hold-before" });
    const waiting = createProject("b");
    const held = await emulator.held();
    expect(held).toMatchObject({ request: 2, acted: false });
    expect(await created()).toEqual(["a"]);
    await emulator.release(held.id);
    expect((await waiting).status).toBe(200);
    expect(await created()).toEqual(["a", "b"]);
  });

  it("drops what is held with a reset: it does not act on the next run", async () => {
    await emulator.fault({ kind: "hold-before" });
    const waiting = failureOf(createProject("a"));
    await emulator.held();
    await emulator.reset();
    expect(await waiting).toBe("ECONNRESET");
    expect(await created()).toEqual([]);
    expect((await emulator.state()).projects).toEqual([]);
  });

  it("says that nothing was held", async () => {
    await expect(emulator.held({ within: "20ms" })).rejects.toMatchObject({ code: "EMULATOR_NOTHING_HELD" });
  });
});

describe("which request a fault meets", () => {
  const statuses = async (fault: Fault, names: readonly string[]): Promise<number[]> => {
    await emulator.fault(fault);
    const seen: number[] = [];
    for (const name of names) seen.push((await createProject(name)).status);
    return seen;
  };

  it.each<[string, Fault, number[]]>([
    ["the first", { kind: "status", status: 500 }, [500, 200, 200]],
    ["the second", { kind: "status", status: 500, nth: 2 }, [200, 500, 200]],
    ["all", { kind: "status", status: 500, every: true }, [500, 500, 500]],
    ["all from the second on", { kind: "status", status: 500, every: true, nth: 2 }, [200, 500, 500]],
    ["those of a method", { kind: "status", status: 500, match: { method: "get" }, every: true }, [200, 200, 200]],
    ["those of a pattern", { kind: "status", status: 500, match: { path: "/v11/*" }, every: true }, [500, 500, 500]],
    ["those of an expression", { kind: "status", status: 500, match: { path: /projects$/ }, every: true }, [500, 500, 500]],
    ["no others", { kind: "status", status: 500, match: { path: "/v11/projects/**" }, every: true }, [200, 200, 200]],
    ["those of an operation", { kind: "status", status: 500, match: { operation: "project.create" }, nth: 3 }, [200, 200, 500]],
  ])("meets %s", async (_name, fault, expected) => {
    expect(await statuses(fault, ["a", "b", "c"])).toEqual(expected);
  });

  it("meets sites only by their host, and counts what it met", async () => {
    await emulator.fault({ kind: "status", status: 500, every: true });
    await emulator.fault({ kind: "status", status: 503, every: true, match: { host: "*.example" } });
    expect((await emulator.fetch("https://shop.example/")).status).toBe(503);
    expect((await emulator.fetch("https://shop.vercel.app/")).status).toBe(404);
    expect((await createProject("a")).status).toBe(500);
    expect((await emulator.faults()).map(({ matched, struck }) => [matched, struck])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    await emulator.clearFaults();
    expect((await createProject("a")).status).toBe(200);
  });

  it("refuses a fault that makes no sense, with the reason", async () => {
    const wrong = { kind: "delay", delay: "soon" } as never;
    await expect(emulator.fault(wrong)).rejects.toMatchObject({
      code: "EMULATOR_REQUEST_REFUSED",
      message: expect.stringContaining("250ms") as string,
    });
  });
});

describe("the ledger", () => {
  it("numbers requests, tells who was authorized and keeps no credential", async () => {
    await createProject("a");
    await createProject("b", { token: "canaryWrong" });
    const ledger = await emulator.ledger();
    expect(ledger.requests.map(({ number, authorized, status }) => [number, authorized, status])).toEqual([
      [1, true, 200],
      [2, false, 403],
    ]);
    expect(ledger.effects.map(({ request }) => request)).toEqual([1]);
    expect(ledger.requests[0]?.body).toMatchObject({ text: '{"name":"a"}', bytes: 12 });
    expect(JSON.stringify([ledger, await emulator.state()])).not.toContain("canary");
  });

  it("keeps the values of environment variables from itself", async () => {
    await createProject("a");
    const body = JSON.stringify({ key: "SECRET", value: "canaryValue", type: "encrypted", target: ["production"] });
    const headers = { authorization: "Bearer canaryToken" };
    await fetch(`${emulator.url}/v10/projects/a/env`, { method: "POST", headers, body });
    expect(await (await fetch(`${emulator.url}/v9/projects/a/env`, { headers })).text()).toContain("SECRET");
    expect(JSON.stringify([await emulator.ledger(), await emulator.state()])).not.toContain("canary");
  });

  it("starts again after a reset, from the start or from a snapshot", async () => {
    await createProject("a");
    const snapshot = await emulator.snapshot();
    await createProject("b");
    await emulator.fault({ kind: "status", status: 500 });
    const names = async (): Promise<string[]> => (await emulator.state()).projects.map(({ name }) => name);
    await emulator.reset({ snapshot });
    expect(await names()).toEqual(["a"]);
    expect(await emulator.ledger()).toMatchObject({ requests: [], effects: [], served: [] });
    expect((await createProject("c")).status).toBe(200);
    await emulator.reset();
    expect(await names()).toEqual([]);
    await expect(emulator.reset({ snapshot: "none" })).rejects.toMatchObject({ code: "EMULATOR_REQUEST_REFUSED" });
  });
});
