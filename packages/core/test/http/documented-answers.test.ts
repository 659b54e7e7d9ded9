import { createTestClock } from "@fairlead/testing";
import { expect, test } from "vitest";
import { createFatalFlag, createHealth, defineCheck } from "../../src/health.js";
import { bearerTokens, createHttp, type HttpOptions } from "../../src/http.js";
import { image } from "../../src/index.js";
import { createStatus } from "../../src/status/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { createTeam } from "../deployer/team.js";

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, unknown>> }>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const token = "ada-0123456789-0123456789";
const problem = "application/problem+json";

/** What an operation answers, as `status media`; without a body there is no media. */
const named = (status: string | number, media: string) => `${String(status)} ${media}`.trim();

function promisedBy({ responses }: Operation): readonly string[] {
  return Object.entries(responses).flatMap(([status, { $ref, content }]) => {
    const media = $ref === undefined ? Object.keys(content ?? { "": {} }) : [problem];
    return media.map((one) => named(status, one));
  });
}

function operationsOf(paths: Paths): readonly (readonly [path: string, method: string, Operation])[] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => [path, method, one] as const));
}

async function surface() {
  const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
  const fatal = createFatalFlag({ name: "fatal" });
  let database: "up" | "down" = "up";
  const check = defineCheck({ name: "database", run: () => ({ status: database }) });
  const clock = createTestClock();
  const health = createHealth({
    ...{ clock, checks: [check], groups: { core: ["database"] }, liveness: [fatal.check] },
    ...{ failureThreshold: 1, startPeriod: "0s" },
  }).onDemand({ maxAge: "1s" });
  await health.tick();
  const status = createStatus({
    ...{ application: "shop", environment: "development", store: memoryStore(), components: [{ name: "web", checks: [] }] },
    page: { name: "Shop", url: "https://status.shop.example" },
  });
  const options = {
    deployer: watching,
    health,
    status,
    metrics: {},
    authenticate: bearerTokens([{ id: "ada", token }]),
  } satisfies HttpOptions;
  const http = createHttp(options);
  const document = (await (await send(http, "GET", "/api/openapi.json")).json()) as { readonly paths: Paths };
  return {
    ...{ watching, createWorker, options, http, paths: document.paths },
    fall: async () => {
      database = "down";
      fatal.raise("it is over");
      await clock.advance("1m");
      await health.tick();
    },
  };
}

type Body = object | URLSearchParams;
type Http = ReturnType<typeof createHttp>;
type Headers = Readonly<Record<string, string>>;

function send({ fetch }: Http, method: string, path: string, { body, headers = {} }: { body?: Body; headers?: Headers } = {}) {
  const isForm = body instanceof URLSearchParams;
  const type = isForm ? "application/x-www-form-urlencoded" : "application/json";
  const all = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": type }), ...headers };
  const sent = body === undefined ? {} : { body: isForm ? body.toString() : JSON.stringify(body) };
  return fetch(new Request(`https://shop.example${path}`, { method, headers: all, ...sent }));
}

test("everything that the document promises is answered, and nothing that it does not", async () => {
  const { paths, http, options, watching, createWorker, fall } = await surface();
  await using _ = watching;
  await using worker = createWorker();
  const answered = new Set<string>();
  const undocumented: string[] = [];

  const ask = async (operation: string, path: string, given: { body?: Body; headers?: Headers; on?: Http } = {}) => {
    const [, method, described] = operationsOf(paths).find(([, , { operationId }]) => operationId === operation)!;
    const response = await send(given.on ?? http, method.toUpperCase(), path, given);
    const media = (response.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
    const promised = promisedBy(described);
    const [own, otherwise] = [named(response.status, media), named("default", media)];
    const found = promised.includes(own) ? own : response.status >= 400 && promised.includes(otherwise) ? otherwise : undefined;
    if (found === undefined) undocumented.push(`${operation}: ${own}`);
    else answered.add(`${operation}: ${found}`);
    const isStream = media === "text/event-stream";
    if (isStream) await response.body?.cancel();
    const text = isStream ? "" : await response.text();
    const body = (media === "application/json" ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { body, etag: response.headers.get("etag") };
  };

  // What is refused or fails: nobody is known, and the status cannot be read.
  const broken = createHttp({ ...options, status: { ...options.status, current: () => Promise.reject(new Error("the store is away")) } });
  for (const [path, , { operationId, responses }] of operationsOf(paths))
    if ("default" in responses)
      await ask(operationId, path.replaceAll(/\{\w+\}/g, "dep_1"), { on: broken, headers: { authorization: "" } });

  const draft = { headers: { accept: "application/health+json" } };
  const askHealth = async () => {
    for (const probe of ["", "/ready", "/live", "/startup"]) await ask(`health${probe.replace("/", ".")}`, `/api/health${probe}`);
    await ask("health", "/api/health", draft);
    await ask("health.named", "/api/health/database");
    await ask("health.named", "/api/health/core", draft);
  };
  const starting = createHttp({
    ...options,
    health: createHealth({ checks: [defineCheck({ name: "database", run: () => ({ status: "up" }) })] }),
  });
  await ask("health.startup", "/api/health/startup", { on: starting });
  const { etag } = await ask("health", "/api/health");
  await ask("health", "/api/health", { headers: { "if-none-match": etag ?? "" } });

  const deployed = async (version: number) => {
    const source = image(`shop:${String(version)}`);
    const { id } = await watching.request({ kind: "deploy", environment: "development", source, actor: { name: "eve", via: "api" } });
    await worker.work({ untilIdle: true });
    const { body } = await ask("deployments.status", `/api/deploy/status/${id}`);
    return { id, digest: (body["waitingFor"] as { digest: string } | null)?.digest ?? "" };
  };
  const releases: string[] = [];
  let last = "";
  for (const [version, say] of (["approve", "approve", "reject", "reject", "abort", "abort"] as const).entries()) {
    const { id, digest } = await deployed(version);
    last = id;
    const byPage = version % 2 === 1;
    const body = say === "abort" ? {} : { digest };
    if (byPage) await ask(`deployments.page.${say}`, `/deployments/${id}/${say}`, { body: new URLSearchParams(body) });
    else await ask(`deployments.${say}`, `/api/deploy/${say}/${id}`, { body });
    await worker.work({ untilIdle: true });
    if (!byPage) {
      for (const word of ["approve", "reject", "abort"]) {
        await ask(`deployments.${word}`, `/api/deploy/${word}/${id}`, { body: {} });
        await ask(`deployments.${word}`, `/api/deploy/${word}/dep_unknown`, { body: {} });
      }
    }
    if (say === "approve") releases.push((await watching.status("development", { live: false })).release?.release.id ?? "");
    await ask("deployments.events", `/api/deploy/events/${id}`);
    await ask("deployments.events", `/api/deploy/events/${id}?after=999.999`);
    await ask("deployments.page.one", `/deployments/${id}`);
    await ask("deployments.page.log", `/deployments/${id}/log`);
  }
  const [to = "", from = ""] = releases;
  await ask("deployments.page.rollback", `/deployments/rollback?environment=development&to=${to}`);
  const form = new URLSearchParams({ environment: "development", to, from, key: "once" });
  await ask("deployments.page.roll-back", "/deployments/rollback", { body: form });
  await ask("deployments.rollback", "/api/deploy/rollback", { body: { environment: "development" } });
  await ask("deployments.rollback", "/api/deploy/rollback", { body: { environment: "development", targetDeploymentId: "dep_unknown" } });
  const trigger = { environment: "development", source: "shop:9" };
  await ask("deployments.trigger", "/api/deploy/trigger", { body: trigger, headers: { "idempotency-key": "one" } });
  await ask("deployments.trigger", "/api/deploy/trigger", {
    body: { ...trigger, source: "shop:10" },
    headers: { "idempotency-key": "one" },
  });
  await ask("deployments.trigger", "/api/deploy/trigger", { body: { ...trigger, environment: "moon" } });
  // The same key stands for something else.
  await ask("deployments.rollback", "/api/deploy/rollback", {
    body: { environment: "development" },
    headers: { "idempotency-key": "one" },
  });
  await ask("deployments.status", "/api/deploy/status/dep_unknown");
  await ask("deployments.events", "/api/deploy/events/dep_unknown");
  await ask("deployments.history", "/api/deploy/history");
  await ask("deployments.page.list", "/deployments");
  for (const rateLimit of [{ streams: 0 }, { allStreams: 0 }]) {
    const full = createHttp({ ...options, rateLimit });
    await ask("deployments.events", `/api/deploy/events/${last}`, { on: full });
    const native = { socket: { remoteAddress: "192.0.2.1" } };
    const { status } = (await full.respond({ method: "GET", path: "/status/events", native }))!;
    answered.add(`status.events: ${named(status, problem)}`);
  }
  await ask("status.events", "/status/events");

  for (const [path, , { operationId, responses }] of operationsOf(paths).filter(([, method]) => method === "get"))
    if ("304" in responses && !operationId.startsWith("health")) {
      const { etag: known } = await ask(operationId, path);
      await ask(operationId, path, { headers: { "if-none-match": known ?? "" } });
    }
  const incident = await ask("incidents.open", "/api/status/incidents", {
    body: { title: "Late", body: "It is.", components: { web: "partial_outage" } },
  });
  await ask("incidents.update", `/api/status/incidents/${String(incident.body["id"])}`, { body: { body: "Still." } });
  await ask("status.alerts", "/api/status/alerts", { body: { version: "4", alerts: [] } });
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
  const maintenance = { title: "Move", body: "We move.", from: hours(1), until: hours(2), components: ["web"] };
  const planned = await ask("maintenances.schedule", "/api/status/maintenances", { body: maintenance });
  const at = `/api/status/maintenances/${String(planned.body["id"])}`;
  await ask("maintenances.update", at, { body: { body: "Later.", until: hours(3) } });
  await ask("maintenances.cancel", at);
  await ask("fairlead.tick", "/api/fairlead/tick");
  await ask("metrics", "/metrics");
  await ask("metrics", "/metrics", { headers: { accept: "application/openmetrics-text" } });
  await ask("openapi", "/api/openapi.json");
  await askHealth();
  await fall();
  await askHealth();

  const promised = operationsOf(paths).flatMap(([, , one]) => promisedBy(one).map((answer) => `${one.operationId}: ${answer}`));
  expect({ undocumented, missing: promised.filter((one) => !answered.has(one)) }).toEqual({ undocumented: [], missing: [] });
}, 180_000);
