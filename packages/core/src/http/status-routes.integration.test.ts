import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { createStatus, type Status } from "../status/index.js";
import { memoryStore } from "../store/memory-store.js";
import { createHttp } from "./create-http.js";
import type { StreamReply } from "./exchange.js";
import { bearerTokens } from "./tokens.js";

const token = "a-token-that-nobody-guesses";
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function made() {
  const store = memoryStore();
  const status = createStatus({
    ...{ application: "shop", environment: "production", store },
    page: { name: "Shop", url: "https://status.shop.example" },
    components: [
      { name: "web", title: "Website", checks: [] },
      { name: "post", checks: [] },
    ],
  });
  const http = createHttp({ status, authenticate: bearerTokens([{ id: "ada", name: "Ada", token }]) });
  return { store, status, http };
}

async function listening(server: Server): Promise<string> {
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function served(): Promise<{ readonly url: string; readonly status: Status }> {
  const { http, status } = made();
  return { status, url: await listening(createServer(http.node)) };
}

const documents = [
  "summary",
  "status",
  "components",
  "incidents",
  "incidents/unresolved",
  "scheduled-maintenances",
  "scheduled-maintenances/upcoming",
  "scheduled-maintenances/active",
].map((name) => `/api/v2/${name}.json`);
const feeds = ["/status/history.atom", "/status/history.rss"];

describe("what everybody may read", () => {
  test("comes from one snapshot with one version, for all sites, and not again to whoever has it", async () => {
    const { url, status } = await served();
    await status.openIncident({ title: "Post is late", body: "Looking.", components: { post: "partial_outage" } });
    const { version } = status.snapshot();
    for (const path of ["/api/status", ...documents, ...feeds]) {
      const answer = await fetch(`${url}${path}`);
      expect([path, answer.status, answer.headers.get("etag")]).toEqual([path, 200, `"${version}"`]);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("cache-control")).toContain("max-age=10");
      expect((await answer.text()).length).toBeGreaterThan(50);
      const again = await fetch(`${url}${path}`, { headers: { "if-none-match": `W/"x", W/"${version}"` } });
      expect([path, again.status, await again.text()]).toEqual([path, 304, ""]);
      const head = await fetch(`${url}${path}`, { method: "HEAD" });
      expect([path, head.status, await head.text()]).toEqual([path, 200, ""]);
      expect((await fetch(`${url}${path}`, { method: "PUT" })).status).toBe(405);
    }
    expect(await (await fetch(`${url}/api/status`)).json()).toMatchObject({
      page: { name: "Shop", url: "https://status.shop.example", status: "degraded" },
      status: { indicator: "minor" },
      components: [{ name: "Website", status: "operational" }, { status: "partial_outage" }],
      incidents: [{ name: "Post is late", impact: "major" }],
      scheduled_maintenances: [],
      version,
    });
  });

  test("the page has a policy that allows only itself, and links that are right under a mount point", async () => {
    const { http } = made();
    const app = express();
    app.use("/shop", http.node);
    const url = await listening(createServer(app));
    const answer = await fetch(`${url}/shop/status`);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'$/);
    const page = await answer.text();
    const [, feed] = /href="([^"]*history\.atom)"/.exec(page)!;
    expect((await fetch(`${url}${feed!}`)).status).toBe(200);
    const etag = answer.headers.get("etag")!;
    expect((await fetch(`${url}/shop/status`, { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await fetch(`${url}/shop/status/`)).status).toBe(200);
  });

  test("whoever listens is told at once and of every change", async () => {
    const { url, status } = await served();
    const abort = new AbortController();
    const answer = await fetch(`${url}/status/events`, { signal: abort.signal });
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (text: string) => {
      let all = "";
      while (!all.includes(text)) all += (await reader.read()).value ?? "";
      return all;
    };
    expect(await until('"operational"')).toContain(`id: ${status.snapshot().version}`);
    await status.openIncident({ title: "It broke", body: "It did.", components: { web: "major_outage" } });
    expect(await until('"outage"')).toContain(`id: ${status.snapshot().version}`);
    abort.abort();
  });

  test("no more than 1,000 listen, also where many come at once, and who has gone leaves room", async () => {
    const { status } = made();
    let subscribed = 0;
    const onChange: Status["onChange"] = (listener) => {
      const stop = status.onChange(listener);
      subscribed += 1;
      return () => {
        subscribed -= 1;
        stop();
      };
    };
    const http = createHttp({ status: { ...status, onChange } });
    const ask = async (_?: unknown, index = 0) => {
      const native = { socket: { remoteAddress: `10.0.${String(index >> 8)}.${String(index & 255)}` } };
      return (await http.respond({ method: "GET", path: "/status/events", native })) as StreamReply;
    };
    const replies = await Promise.all(Array.from({ length: 1_010 }, ask));
    const gone = new AbortController();
    const streams = replies.map(({ stream }) => stream(gone.signal)[Symbol.asyncIterator]());
    const next = () => Promise.all(streams.map((stream) => stream.next()));
    expect((await next()).every(({ value }) => value === "retry: 5000\n\n")).toBe(true);
    expect((await next()).filter(({ done }) => done !== true)).toHaveLength(1_000);
    expect(subscribed).toBe(1_000);
    expect(await ask()).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    for (const stream of streams) await stream.return?.();
    expect(subscribed).toBe(0);
    expect((await ask()).status).toBe(200);
  });

  test("so many listen from one address", async () => {
    const { status } = made();
    const http = createHttp({ status, rateLimit: { streams: 2 } });
    const ask = async (remoteAddress: string) =>
      (await http.respond({ method: "GET", path: "/status/events", native: { socket: { remoteAddress } } })) as StreamReply;
    const gone = new AbortController();
    const listen = async (address: string) => {
      const { status: answered, stream } = await ask(address);
      if (answered === 200) await stream(gone.signal)[Symbol.asyncIterator]().next();
      return answered;
    };
    const [one, other] = ["192.0.2.1", "192.0.2.2"];
    expect([await listen(one), await listen(one), await listen(one), await listen(other)]).toEqual([200, 200, 429, 200]);
    expect(await ask(one)).toMatchObject({ status: 429, headers: { "retry-after": "5" } });
  });

  test("a store that hangs holds no answer up", async () => {
    const { store, status } = made();
    let hangs = false;
    const slow = createStatus({
      ...{ application: "shop", environment: "production", page: { url: "https://x.example" }, components: [] },
      store: { ...store, list: (query) => (hangs ? new Promise(() => undefined) : store.list(query)) },
    });
    await status.refresh();
    hangs = true;
    const url = await listening(createServer(createHttp({ status: slow }).node));
    expect((await fetch(`${url}/api/status`)).status).toBe(200);
  });
});

describe("what only some may write", () => {
  const send = (url: string, body: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }, method = "POST") =>
    fetch(url, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

  test("is closed to everybody else", async () => {
    const { url, status } = await served();
    const incident = { title: "x", body: "y" };
    for (const path of ["incidents", "incidents/x", "maintenances", "maintenances/x", "alerts"])
      expect([path, (await send(`${url}/api/status/${path}`, incident, {})).status]).toEqual([path, 401]);
    expect((await status.refresh()).incidents).toEqual([]);
  });

  test("incidents and maintenances are written, and what is wrong is said", async () => {
    const { url, status } = await served();
    const opened = await send(`${url}/api/status/incidents`, {
      title: "Post is late",
      body: "Looking.",
      components: { post: "major_outage" },
    });
    expect(opened.status).toBe(201);
    const { id } = (await opened.json()) as { id: string };
    expect((await send(`${url}/api/status/incidents/${id}`, { body: "Done.", status: "resolved" })).status).toBe(200);
    expect(status.snapshot().incidents).toMatchObject([{ id, status: "resolved" }]);
    const again = await send(`${url}/api/status/incidents/${id}`, { body: "Again.", status: "monitoring" });
    expect([again.status, await again.json()]).toEqual([409, expect.objectContaining({ code: "INCIDENT_RESOLVED" })]);
    expect((await send(`${url}/api/status/incidents/none`, { body: "x" })).status).toBe(404);
    expect((await send(`${url}/api/status/incidents`, { title: "x", body: "y", components: { web: "down" } })).status).toBe(400);
    const times = { from: "2100-01-01T00:00:00Z", until: "2100-01-01T01:00:00Z" };
    const scheduled = await send(`${url}/api/status/maintenances`, { title: "Move", body: "We move.", components: ["web"], ...times });
    const { id: maintenance } = (await scheduled.json()) as { id: string };
    expect((await send(`${url}/api/status/maintenances/${maintenance}`, { body: "Longer.", until: "2100-01-01T02:00:00Z" })).status).toBe(
      200,
    );
    expect(status.snapshot().maintenances).toMatchObject([{ until: "2100-01-01T02:00:00.000Z" }]);
    expect((await send(`${url}/api/status/maintenances/${maintenance}`, {}, undefined, "DELETE")).status).toBe(200);
    expect(status.snapshot().maintenances).toEqual([]);
  });

  test("Alertmanager opens an incident and resolves it", async () => {
    const { url } = await served();
    const alert = {
      fingerprint: "1a",
      startsAt: "2026-01-01T00:00:00Z",
      labels: { alertname: "Down", severity: "critical", component: "web" },
    };
    const webhook = (status: string) => ({ version: "4", status, alerts: [{ ...alert, annotations: {}, status }] });
    const shown = async () =>
      ((await (await fetch(`${url}/api/v2/components.json`)).json()) as { components: { status: string }[] }).components[0]!.status;
    expect(await (await send(`${url}/api/status/alerts`, webhook("firing"))).json()).toMatchObject({ opened: [expect.any(String)] });
    expect(await shown()).toBe("major_outage");
    expect(await (await send(`${url}/api/status/alerts`, webhook("resolved"))).json()).toMatchObject({ resolved: [expect.any(String)] });
    expect(await shown()).toBe("operational");
    expect((await send(`${url}/api/status/alerts`, { alerts: [{}] })).status).toBe(400);
  });

  test("a webhook may be longer than what people send", async () => {
    const { url } = await served();
    const alerts = Array.from({ length: 100 }, (_, index) => ({
      ...{ fingerprint: String(index), status: "firing", startsAt: "2026-01-01T00:00:00Z" },
      ...{ labels: { alertname: "Down" }, annotations: { summary: "s".repeat(12_000) } },
    }));
    const answer = await send(`${url}/api/status/alerts`, { alerts });
    expect([answer.status, ((await answer.json()) as { opened: string[] }).opened.length]).toEqual([200, 100]);
    expect((await send(`${url}/api/status/alerts`, { alerts: [], more: "x".repeat(2 * 1024 * 1024) })).status).toBe(413);
    expect((await send(`${url}/api/status/incidents`, { title: "x", body: "x".repeat(70_000) })).status).toBe(413);
  });
});
