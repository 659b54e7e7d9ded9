import { expect, test } from "vitest";
import { createHealth, defineCheck } from "../health/index.js";
import { createStatus } from "../status/index.js";
import { memoryStore } from "../store/memory-store.js";
import { createHttp } from "./create-http.js";
import type { HttpReply } from "./exchange.js";

async function ask(http: ReturnType<typeof createHttp>, headers: Record<string, string> = {}) {
  const { status, body } = (await http.respond({ method: "GET", path: "/api/fairlead/tick", headers })) as HttpReply;
  return { status, body: JSON.parse(new TextDecoder().decode(body)) as unknown };
}

test("a cron job that is known runs what is due, and is told what is known then", async () => {
  let runs = 0;
  const database = defineCheck({ name: "database", run: () => ({ status: (runs += 1) > 0 ? "up" : "down" }) });
  const health = createHealth({ checks: [database] }).onDemand({ maxAge: "1h" });
  const authenticate = ({ header }: { header: (name: string) => string | undefined }) =>
    header("authorization") === "Bearer cron" ? { id: "cron" } : null;
  const http = createHttp({ health, authenticate });
  expect((await ask(http)).status).toBe(401);
  expect((await ask(createHttp({ health }))).status).toBe(403);
  expect(runs).toBe(0);
  const known = { authorization: "Bearer cron" };
  expect(await ask(http, known)).toEqual({ status: 200, body: { status: "healthy", timestamp: expect.any(String), unfinished: [] } });
  expect((await ask(http, known)).status).toBe(200);
  expect(runs).toBe(1);
});

test("it brings the status page up to date too, with what the checks have just found", async () => {
  const database = defineCheck({ name: "database", run: () => ({ status: "up" }) });
  const store = memoryStore();
  const page = { url: "https://status.shop.example" };
  const about = { application: "shop", environment: "production", store, page, components: [{ name: "database" }] };
  const health = createHealth({ checks: [database] }).onDemand({ maxAge: "1h" });
  const authenticate = () => ({ id: "cron" });
  expect(await ask(createHttp({ health, status: createStatus({ ...about, health }), authenticate }))).toMatchObject({ status: 200 });
  const other = createStatus(about);
  expect((await other.refresh()).components).toMatchObject([{ name: "database", status: "operational" }]);
  expect(await ask(createHttp({ status: other, authenticate }))).toEqual({ status: 200, body: { unfinished: [] } });
});

test("what fails is a problem, behind all the rest", async () => {
  const away = { tick: () => Promise.reject(new Error("postgres://canary@db is away")) };
  const told: string[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void told.push(message) };
  const redact = (text: string) => text.replace("canary", "[secret]");
  const health = createHealth().onDemand();
  const worked: string[] = [];
  const work = () => {
    worked.push("work");
    throw new Error("canary has no secrets");
  };
  const http = createHttp({ health: { ...health, ...away }, tick: { work }, authenticate: () => ({ id: "cron" }), log, redact });
  expect((await ask(http)).status).toBe(500);
  expect(worked).toEqual(["work"]);
  expect(told).toEqual([expect.stringContaining("[secret] has no secrets"), expect.stringContaining("[secret]@db is away")]);
});

test("how long it may take is a duration", () => {
  const mistaken = { work: () => undefined, within: "soon" as "1s" };
  expect(() => createHttp({ tick: mistaken })).toThrow(expect.objectContaining({ code: "DURATION_INVALID" }));
});
