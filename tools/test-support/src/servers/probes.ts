import { expect } from "vitest";
import { ask, askRaw, askUntil, type Answer } from "./ask.js";

/** What a server is known by. */
export interface Probed {
  readonly port: number;
  readonly release: string;
  /** Of somebody who may do everything. */
  readonly token: string;
}

/** What is asked of a server, and has to be answered alike whatever it is made with. */
export interface Probe {
  readonly name: string;
  readonly run: (server: Probed) => Promise<void>;
}

const probe = (name: string, run: Probe["run"]): Probe => ({ name, run });
const known = ({ token }: Probed) => ({ authorization: `Bearer ${token}` });

/** Health below a base path, as every server answers it. */
export const healthProbes = (base = "/api"): readonly Probe[] => [
  probe("health says how it is, and which release says so", async ({ port, release }) => {
    const answer = await ask(port, `${base}/health`);
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-cache" },
    });
    expect(answer.headers["x-fairlead-release"]).toBe(release);
    expect(answer.json()).toMatchObject({ status: "healthy", release, services: { store: { status: "up" } } });
    // Next does not pass a length on.
    const { "transfer-encoding": encoding, "content-length": length = encoding } = answer.headers;
    expect(["chunked", String(Buffer.byteLength(answer.body))]).toContain(length);
  }),
  probe("each question has its answer", async ({ port }) => {
    for (const path of ["/ready", "/live", "/startup", "/store", "/ready?exclude=store", "/live?x=1"]) {
      const answer = await ask(port, `${base}/health${path}`, { headers: { accept: "*/*" } });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.json()).toHaveProperty("status");
    }
    expect((await ask(port, `${base}/health/nothing-of-this-name`)).status).toBe(404);
  }),
  probe("health in the words of the draft", async ({ port }) => {
    const answer = await ask(port, `${base}/health`, { headers: { accept: "application/health+json" } });
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "application/health+json", vary: expect.stringMatching(/accept/i) },
    });
    expect(answer.json()).toMatchObject({ status: "pass" });
  }),
  probe("HEAD says what GET says, without a body", async ({ port }) => {
    for (const path of ["", "/ready", "/live"]) {
      const [get, head] = [await ask(port, `${base}/health${path}`), await ask(port, `${base}/health${path}`, { method: "HEAD" })];
      expect([path, head.status, head.body]).toEqual([path, 200, ""]);
      expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
    }
  }),
  probe("who has it already is told so, unless it is a probe", async ({ port }) => {
    const { etag = "" } = (await ask(port, `${base}/health`)).headers;
    expect(etag).toMatch(/^"/);
    expect(await ask(port, `${base}/health`, { headers: { "if-none-match": etag } })).toMatchObject({
      status: 304,
      body: "",
      headers: { etag },
    });
    expect((await ask(port, `${base}/health`, { headers: { "if-none-match": '"another"' } })).status).toBe(200);
    expect((await ask(port, `${base}/health/ready`)).headers).not.toHaveProperty("etag");
  }),
  probe("health is read, and nothing else", async ({ port }) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      // Said to be no form: SvelteKit refuses those that another site may have sent.
      const answer = await ask(port, `${base}/health/live`, { method, headers: { "content-type": "application/json" } });
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, "GET, HEAD"]);
    }
  }),
];

/** All other routes, at the paths that `createHttp` gives them. */
export const routeProbes: readonly Probe[] = [
  probe("the status, its documents and feeds", async ({ port }) => {
    const whole = await ask(port, "/api/status");
    expect(whole).toMatchObject({ status: 200, headers: { "access-control-allow-origin": "*" } });
    expect(whole.json()).toMatchObject({ page: { name: "Shop" }, components: [{ name: "Website" }] });
    for (const name of ["summary", "status", "components", "incidents", "incidents/unresolved", "scheduled-maintenances/active"]) {
      const answer = await ask(port, `/api/v2/${name}.json`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.json()).toMatchObject({ page: { name: "Shop" } });
    }
    const { etag = "" } = whole.headers;
    expect((await ask(port, "/api/status", { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await ask(port, "/api/status", { method: "OPTIONS" })).status).toBe(204);
    expect((await ask(port, "/status/history.atom")).body).toContain("<feed");
  }),
  probe("the page for people", async ({ port }) => {
    const page = await ask(port, "/status");
    expect(page).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(page.body).toContain("Website");
    expect(await ask(port, "/status", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  }),
  probe("what changes, as server-sent events", async ({ port }) => {
    const events = await askUntil(port, "/status/events", "event: status");
    expect(events).toMatchObject({ status: 200, headers: { "content-type": "text/event-stream; charset=utf-8" } });
  }),
  probe("metrics in both formats, for those who may read them", async (server) => {
    const { port } = server;
    expect((await ask(port, "/metrics")).status).toBe(401);
    const text = await ask(port, "/metrics", { headers: known(server) });
    expect(text).toMatchObject({ status: 200, headers: { "content-type": expect.stringContaining("version=0.0.4") } });
    expect(text.body).toMatch(/^fairlead_health_ready 1$/m);
    const open = await ask(port, "/metrics", { headers: { ...known(server), accept: "application/openmetrics-text; version=1.0.0" } });
    expect(open.headers["content-type"]).toContain("application/openmetrics-text");
    expect(open.body).toMatch(/# EOF\n$/);
  }),
  probe("the document of it all", async (server) => {
    const answer = await ask(server.port, "/api/openapi.json", { headers: known(server) });
    expect(answer.json()).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./),
      paths: { "/api/deploy/trigger": {}, "/api/health": {} },
    });
  }),
  probe("a deployment is asked for, followed, and called off", async (server) => {
    const { port } = server;
    const headers = known(server);
    const body = { environment: "development", commit: "c0ffee1", reason: "a fix" };
    const accepted = await ask(port, "/api/deploy/trigger", { method: "POST", headers, body });
    expect([accepted.status, accepted.body]).toEqual([202, expect.stringContaining("deploymentId")]);
    const { deploymentId, statusUrl } = accepted.json();
    expect(accepted.json()).toMatchObject({ status: "pending", driver: null });
    const status = await ask(port, String(statusUrl), { headers });
    expect(status.json()).toMatchObject({ deploymentId, phase: "requested", commit: "c0ffee1", actor: "ci", reason: "a fix" });
    const events = await askUntil(port, `/api/deploy/events/${String(deploymentId)}`, ": waiting for a worker", headers);
    expect(events).toMatchObject({ status: 200, headers: { "content-type": "text/event-stream; charset=utf-8" } });
    expect((await ask(port, "/api/deploy/history?limit=1", { headers })).json()).toMatchObject({ deployments: [] });
    const keyed = { ...headers, "idempotency-key": "build-7" };
    const first = await ask(port, "/api/deploy/trigger", { method: "POST", headers: keyed, body });
    const again = await ask(port, "/api/deploy/trigger", { method: "POST", headers: keyed, body });
    expect(again.json()).toMatchObject({ deploymentId: first.json()["deploymentId"], joined: true });
  }),
  probe("closed to whoever is not known, and to what another site sends", async (server) => {
    const { port } = server;
    const trigger = (headers: Readonly<Record<string, string>>): Promise<Answer> =>
      ask(port, "/api/deploy/trigger", { method: "POST", headers, body: { environment: "development", commit: "c0ffee1" } });
    expect((await trigger({})).status).toBe(401);
    expect((await trigger({ authorization: "Bearer nobody-0123456789-0123456789" })).status).toBe(401);
    expect((await trigger({ ...known(server), origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" })).status).toBe(403);
  }),
  probe("mistakes are told as such, and nothing breaks", async (server) => {
    const { port } = server;
    const headers = known(server);
    const statusOf = async (body: object | string): Promise<number> =>
      (await ask(port, "/api/deploy/trigger", { method: "POST", headers, body })).status;
    expect(await statusOf("{")).toBe(400);
    expect(await statusOf({ environemnt: "development" })).toBe(400);
    expect(await statusOf({ environment: "moon", commit: "c0ffee1" })).toBe(404);
    expect(await statusOf({ environment: "development", reason: "x".repeat(200_000) })).toBe(413);
    const unknown = await ask(port, "/api/deploy/status/dep_unknown", { headers });
    expect([unknown.status, unknown.json()["code"]]).toEqual([404, "DEPLOYMENT_UNKNOWN"]);
    const wrong = await ask(port, "/api/deploy/trigger", { headers });
    expect([wrong.status, wrong.headers.allow]).toEqual([405, "POST"]);
    for (const target of ["/%", "/api/health%2Flive", "//api/health", "/api/health/../health", "/api/health?%", `/${"a".repeat(10_000)}`]) {
      const received = await askRaw(port, `GET ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
      expect([target, Number(received.slice(9, 12)) < 500]).toEqual([target, true]);
    }
    expect(await askRaw(port, "GET /api/health/live HTTP/1.1\r\nhost: ]][[\r\nconnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 (200|400)/);
    for (const path of ["/api/health/live", "/api/health/live/"]) expect((await ask(port, path)).status).toBe(200);
  }),
  probe("all else is the application's: its pages, its parser of bodies, its 404", async ({ port }) => {
    expect((await ask(port, "/products")).json()).toEqual({ products: ["tea", "cups"] });
    const order = await ask(port, "/orders", { method: "POST", body: { product: "tea" } });
    expect([order.status, order.json()]).toEqual([201, { ordered: { product: "tea" } }]);
    const nothing = await ask(port, "/api/nothing");
    expect([nothing.status, nothing.headers["content-type"]]).not.toEqual([404, "application/problem+json"]);
    expect(nothing.status).toBe(404);
  }),
];
