import { request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEmulatorFetch, createVercelEmulator, type VercelEmulator } from "./vercel-emulator.js";

let emulator: VercelEmulator;

beforeEach(async () => {
  emulator = await createVercelEmulator({ projects: [{ name: "shop", domains: ["shop.example"] }], settings: { build: "0ms" } }).listen();
});

afterEach(() => emulator.stop());

async function deploy(files: Readonly<Record<string, string>>, more: object = {}): Promise<{ id: string; url: string }> {
  const list = Object.entries(files).map(([file, data]) => ({ file, data }));
  const response = await fetch(`${emulator.url}/v13/deployments`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.token}` },
    body: JSON.stringify({ name: "shop", target: "production", files: list, ...more }),
  });
  return (await response.json()) as { id: string; url: string };
}

const get = async (url: string, init?: RequestInit): Promise<{ status: number; type: string | null; text: string; headers: Headers }> => {
  const response = await emulator.fetch(url, { redirect: "manual", ...init });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text(), headers: response.headers };
};

function createAbort(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error("enough")) };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

describe("a hosted site", () => {
  it("serves files, folders and its own 404 with their types, and nothing that only the platform reads", async () => {
    const { url } = await deploy({
      "index.html": "home",
      "docs/index.html": "docs",
      "a.css": "a{}",
      "404.html": "lost",
      "vercel.json": "{}",
    });
    expect(await get("https://shop.example/")).toMatchObject({ status: 200, type: "text/html; charset=utf-8", text: "home" });
    expect(await get("https://shop.example/docs/")).toMatchObject({ status: 200, text: "docs" });
    expect(await get("https://shop.example/a.css?v=1")).toMatchObject({ status: 200, type: "text/css; charset=utf-8" });
    expect(await get("https://shop.example/vercel.json")).toMatchObject({ status: 404, text: "lost" });
    const { headers } = await get(`https://${url}/`);
    expect([headers.get("x-vercel-deployment-url"), headers.get("x-vercel-id")]).toEqual([url, expect.stringMatching(/^iad1::/)]);
  });

  it("serves a prebuilt output or a public folder as its root", async () => {
    await deploy({ ".vercel/output/static/index.html": "prebuilt", "index.html": "source" });
    expect((await get("https://shop.example/")).text).toBe("prebuilt");
    await deploy({ "public/index.html": "public", "index.html": "source" });
    expect((await get("https://shop.example/")).text).toBe("public");
  });

  it("says what a deployment that cannot be served is", async () => {
    await emulator.configure({ build: "1h" });
    const building = await deploy({ "index.html": "later" });
    expect(await get(`https://${building.url}/`)).toMatchObject({ status: 303 });
    expect((await get(`https://${building.url}/`)).headers.get("x-vercel-error")).toBe("DEPLOYMENT_NOT_READY_REDIRECTING");
    expect((await get("https://nobody.example/")).headers.get("x-vercel-error")).toBe("DEPLOYMENT_NOT_FOUND");
    await fetch(`${emulator.url}/v13/deployments/${building.id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${emulator.token}` },
    });
    expect((await get(`https://${building.url}/`)).status).toBe(410);
  });

  it("can hide a deployment's own address behind a login, but not production", async () => {
    const { url } = await deploy({ "index.html": "home" });
    await emulator.configure({ protection: "sso", bypassSecret: "let me in" });
    const login = await get(`https://${url}/`);
    expect([login.status, login.headers.get("location")]).toEqual([302, expect.stringMatching(/^https:\/\/vercel\.com\/sso-api\?/)]);
    expect((await get("https://shop.example/")).text).toBe("home");
    expect((await get(`https://${url}/`, { headers: { "x-vercel-protection-bypass": "let me in" } })).text).toBe("home");
    await emulator.configure({ protection: "password" });
    expect((await get(`https://${url}/`)).status).toBe(401);
  });

  it("is reached by a plain fetch on its own port, by the Host header and from the emulator's URL alone", async () => {
    await deploy({ "index.html": "home" });
    const origin = await emulator.siteUrl("shop.example");
    expect(await (await fetch(origin)).text()).toBe("home");
    expect(await emulator.siteUrl("shop.example")).toBe(origin);
    expect(await (await createEmulatorFetch(emulator.url)("https://shop.example/")).text()).toBe("home");
    const { url, headers } = emulator.route("https://shop.example/index.html?x=1");
    expect(await (await fetch(url, { headers })).text()).toBe("home");
    for (const host of ["shop.example", "shop.example.localhost"]) expect(await getWithHost(host)).toBe("home");
  });

  it.for(["site", "API"])("lets go of a request to its %s that is aborted, also after memory was tidied up", async (what) => {
    await emulator.fault({ kind: "hang", ...(what === "site" ? { match: { host: "**" } } : {}) });
    const { signal, abort } = createAbort();
    const asked = emulator.fetch(new Request(what === "site" ? "https://shop.example/" : `${emulator.url}/v2/user`, { signal }));
    const answered = asked.catch((error: unknown) => error);
    await expect.poll(async () => (await emulator.faults())[0]?.struck).toBe(1);
    collectGarbage();
    abort();
    expect(await answered).toMatchObject({ message: "enough" });
  });

  it("counts what it served, by whom and when", async () => {
    const one = await deploy({ "index.html": "one" });
    await get("https://shop.example/");
    const two = await deploy({ "index.html": "two" });
    await get("https://shop.example/");
    await get(`https://${one.url}/`);
    const { served, requests } = await emulator.ledger();
    expect(served.map(({ deploymentId, production, status, bytes }) => [deploymentId, production, status, bytes])).toEqual([
      [one.id, true, 200, 3],
      [two.id, true, 200, 3],
      [one.id, false, 200, 3],
    ]);
    expect(new Set(served.map(({ sha256 }) => sha256)).size).toBe(2);
    expect(requests.map(({ operation }) => operation)).toEqual(["deployment.create", "deployment.create"]);
  });
});

function getWithHost(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(emulator.url, { headers: { host } }, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    })
      .on("error", reject)
      .end();
  });
}
