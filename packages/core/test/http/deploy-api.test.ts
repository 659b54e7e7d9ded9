import { describe, expect, test } from "vitest";
import { bearerTokens, createHttp, type HttpOptions } from "../../src/http.js";
import { image, type Deployer } from "../../src/index.js";
import * as schemas from "../../src/http/deploy/schemas.js";
import { createTeam } from "../deployer/team.js";

const ada = "ada-0123456789-0123456789";
const bob = "bob-0123456789-0123456789";
const authenticate = bearerTokens([
  { id: "ada", token: ada },
  { id: "bob", token: bob },
]);

type Json = Record<string, unknown>;

/** The API as a client sees it, over the Web's `fetch`. */
function createClient(deployer: Deployer, options: Partial<HttpOptions> = {}) {
  const http = createHttp({ deployer, authenticate, sources: ({ commit }) => image(`shop:${String(commit)}`), ...options });
  const send = async (
    method: string,
    path: string,
    { body, token = ada, headers = {} }: { body?: Json; token?: string; headers?: Record<string, string> } = {},
  ) =>
    http.fetch(
      new Request(`https://shop.example/api/deploy${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const ask = async (...parameters: Parameters<typeof send>) => {
    const response = await send(...parameters);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  };
  return {
    send,
    ask,
    status: async (id: unknown) => schemas.deploymentStatus.parse((await ask("GET", `/status/${String(id)}`)).body),
    trigger: async (body: Json, headers?: Record<string, string>) => {
      const { status, body: accepted } = await ask("POST", "/trigger", { body, ...(headers === undefined ? {} : { headers }) });
      expect(status).toBe(202);
      return schemas.accepted.parse(accepted);
    },
  };
}

describe("a deployment by HTTP", () => {
  test("is triggered here and carried out by a worker; status and history tell", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    const { trigger, status, ask } = createClient(watching);
    const accepted = await trigger({ environment: "development", branch: "main", commit: "c0ffee1", reason: "a fix" });
    expect(accepted).toMatchObject({ status: "pending", joined: false, driver: null, hint: expect.stringContaining("worker") });
    const { deploymentId } = accepted;
    expect(accepted.statusUrl).toBe(`/api/deploy/status/${deploymentId}`);
    expect(await status(deploymentId)).toMatchObject({ status: "pending", phase: "requested", actor: "ada", commit: "c0ffee1" });

    await using worker = createWorker();
    await worker.work({ untilIdle: true });
    const done = await status(deploymentId);
    expect(done).toMatchObject({
      status: "succeeded",
      phase: "succeeded",
      outcome: "promoted",
      branch: "main",
      reason: "a fix",
      error: null,
    });
    expect(done.progress).toMatchObject({ percent: 100, completed: done.progress.total });
    expect(done.progress.steps.map(({ status: one }) => one)).toEqual(done.progress.steps.map(() => "succeeded"));

    const { body } = await ask("GET", "/history?environment=development&limit=1");
    const { deployments, next } = schemas.historyPage.parse(body);
    expect(deployments).toMatchObject([{ deploymentId, status: "succeeded", commit: "c0ffee1", actor: "ada" }]);
    expect(next).toBeNull();
  });

  test("is the same one with the same key", async () => {
    const { watching } = createTeam();
    await using _ = watching;
    const { trigger, ask } = createClient(watching);
    const key = { "idempotency-key": "build-7" };
    const body = { environment: "development", commit: "c0ffee1" };
    const first = await trigger(body, key);
    expect(await trigger(body, key)).toMatchObject({ deploymentId: first.deploymentId, joined: true });
    const other = await ask("POST", "/trigger", { body: { ...body, commit: "c0ffee2" }, headers: key });
    expect(other).toMatchObject({ status: 422, body: { code: "REQUEST_KEY_REUSED" } });
    expect(await ask("POST", "/trigger", { body, headers: { "idempotency-key": "a b" } })).toMatchObject({ status: 400 });
  });

  test("is rolled back to what another deployment had", async () => {
    const { watching, createWorker, effects } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const { trigger, status, ask } = createClient(watching);
    const first = await trigger({ environment: "development", source: "shop:1" });
    await worker.work({ untilIdle: true });
    await trigger({ environment: "development", source: { web: "shop:2" } });
    await worker.work({ untilIdle: true });
    const back = await ask("POST", "/rollback", { body: { environment: "development", targetDeploymentId: first.deploymentId } });
    expect(back.status).toBe(202);
    await worker.work({ untilIdle: true });
    expect(await status(back.body["deploymentId"])).toMatchObject({ kind: "rollback", status: "succeeded", outcome: "rolled-back" });
    expect(effects.at(-1)).toBe("promote c1");
  });

  test("waits for people, who agree or refuse by name", async () => {
    const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
    await using _ = watching;
    await using worker = createWorker();
    const { trigger, status, ask } = createClient(watching);
    const { deploymentId } = await trigger({ environment: "development", source: "shop:1" });
    expect(await ask("POST", `/approve/${deploymentId}`, { token: bob })).toMatchObject({ status: 409, body: { code: "HTTP_NOT_BEGUN" } });
    await worker.work({ untilIdle: true });
    const { waitingFor } = await status(deploymentId);
    expect(waitingFor).toMatchObject({ what: "approval", digest: expect.stringContaining("sha256:") });
    const stale = await ask("POST", `/approve/${deploymentId}`, { token: bob, body: { digest: "sha256:00000000" } });
    expect(stale).toMatchObject({ status: 409, body: { code: "APPROVAL_STALE" } });
    const agreed = await ask("POST", `/approve/${deploymentId}`, { token: bob, body: { digest: waitingFor?.digest, reason: "fine" } });
    expect(agreed).toMatchObject({ status: 200, body: { phase: "queued" } });
    await worker.work({ untilIdle: true });
    const state = await (await watching.deployment(deploymentId)).state();
    expect(state).toMatchObject({ phase: "succeeded", approvals: [{ actor: { name: "bob", via: "api" }, reason: "fine" }] });

    const second = await trigger({ environment: "development", source: "shop:2" });
    await worker.work({ untilIdle: true });
    expect(await ask("POST", `/reject/${second.deploymentId}`, { body: { reason: "no" } })).toMatchObject({ body: { phase: "rejected" } });
    const third = await trigger({ environment: "development", source: "shop:3" });
    await worker.work({ untilIdle: true });
    expect(await ask("POST", `/abort/${third.deploymentId}`)).toMatchObject({ status: 200, body: { status: "cancelled" } });
    expect(await ask("POST", `/abort/${third.deploymentId}`)).toMatchObject({ status: 409, body: { code: "DEPLOYMENT_ENDED" } });
  });

  test("that a worker refuses says why", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const { ask, status } = createClient(watching);
    const { body } = await ask("POST", "/rollback", { body: { environment: "development" } });
    await worker.work({ untilIdle: true });
    expect(await status(body["deploymentId"])).toMatchObject({
      status: "failed",
      phase: "refused",
      error: { code: expect.stringMatching(/^R/) },
    });
  });
});

test("the history without an environment is of those that may be read", async () => {
  const { watching } = createTeam();
  await using _ = watching;
  const line = (environment: string) => ({ id: `dep_${environment}`, environment, createdAt: "2026-03-01T12:00:00.000Z", endedAt: null });
  const items = ["production", "staging", "production"].map(line);
  const history = (query: { environment?: string } = {}) =>
    Promise.resolve({ items: items.filter(({ environment }) => environment === (query.environment ?? environment)) });
  const asked: (string | undefined)[] = [];
  const { ask } = createClient({ ...watching, history } as unknown as Deployer, {
    // As a host may well write it, which knows of no answer about all environments.
    authorize: (_identity, _permission, { environment }) => {
      asked.push(environment);
      return environment !== "production";
    },
  });
  const { body } = await ask("GET", "/history");
  expect((body["deployments"] as Json[]).map(({ environment }) => environment)).toEqual(["staging"]);
  expect(asked).toEqual([undefined, "production", "staging"]);
  expect(await ask("GET", "/history?environment=production")).toMatchObject({ status: 403, body: { code: "HTTP_FORBIDDEN" } });
});

describe("events", () => {
  const parsed = (text: string) =>
    text
      .split("\n\n")
      .filter((block) => /^(id|event|data)/m.test(block))
      .map((block) =>
        Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)])),
      );

  test("are told from the beginning, from a place on, and then no more", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const { trigger, send } = createClient(watching);
    const { deploymentId } = await trigger({ environment: "development", source: "shop:1" });
    const following = send("GET", `/events/${deploymentId}`).then((response) => response.text());
    await worker.work({ untilIdle: true });
    const events = parsed(await following);
    const told = events.filter((event) => event["event"] === undefined).map((event) => JSON.parse(event["data"] ?? "") as Json);
    expect(told[0]).toMatchObject({ type: "deployment.created", version: 1, deploymentId });
    expect(told.at(-1)).toMatchObject({ type: "deployment.succeeded" });
    expect(told.map(({ version }) => version)).toEqual(told.map((_event, index) => index + 1));
    expect(JSON.parse(events.at(-1)?.["data"] ?? "")).toMatchObject({ status: "succeeded" });

    const from = events[2]?.["id"] ?? "";
    const rest = await send("GET", `/events/${deploymentId}`, { headers: { "last-event-id": from } });
    expect(rest.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(parsed(await rest.text()).map((event) => event["id"])).toEqual(events.slice(3).map((event) => event["id"]));
    const last = events.findLast((event) => event["id"] !== undefined)?.["id"] ?? "";
    expect((await send("GET", `/events/${deploymentId}?after=${last}`)).status).toBe(204);
    expect((await send("GET", `/events/${deploymentId}?after=x`)).status).toBe(400);
  });

  test("are read once however many listen, whenever they come", async () => {
    const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
    await using _ = watching;
    await using worker = createWorker();
    const readers = { events: 0, lines: 0 };
    const counted = async (id: string) => {
      const found = await watching.deployment(id);
      const read = <Name extends "events" | "lines">(name: Name): Pick<typeof found, Name> => ({
        ...found,
        [name]: (query: { signal?: AbortSignal }) => {
          readers[name] += 1;
          return found[name](query);
        },
      });
      return { ...found, ...read("events"), lines: read("lines").lines };
    };
    const { trigger, send } = createClient({ ...watching, deployment: counted }, { rateLimit: { streams: 100 } });
    const { deploymentId } = await trigger({ environment: "development", source: "shop:1" });
    /** Resolves when the listener has heard something, with what it will have heard in the end. */
    const listen = async (headers: Record<string, string> = {}) => {
      const { status, body } = await send("GET", `/events/${deploymentId}`, { headers });
      expect(status).toBe(200);
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
      let heard = "";
      const read = async () => {
        const { done = true, value = "" } = (await reader?.read()) ?? {};
        heard += value;
        return !done;
      };
      while (!heard.includes("data: ") && !heard.includes(": waiting")) await read();
      return {
        whole: (async () => {
          while (await read());
          const blocks = parsed(heard);
          const dataOf = (event: string | undefined) => blocks.filter((block) => block["event"] === event).map((block) => block["data"]);
          expect(blocks.at(-1)).toMatchObject({ event: "end" });
          return { events: dataOf(undefined), lines: dataOf("log"), end: dataOf("end") };
        })(),
      };
    };
    const many = (headers?: Record<string, string>) => Promise.all(Array.from({ length: 10 }, () => listen(headers)));
    const early = await many();
    await worker.work({ untilIdle: true });
    // Some have heard what others have missed.
    const late = [...(await many()), ...(await many({ "last-event-id": "1.0" }))];
    await watching.approve({ deploymentId, actor: { name: "bob", via: "api" } });
    await worker.work({ untilIdle: true });
    const [first, ...others] = await Promise.all(early.map(({ whole }) => whole));
    expect(first?.events.length).toBeGreaterThan(5);
    expect(first?.lines.length).toBeGreaterThan(0);
    for (const told of others) expect(told).toEqual(first);
    const toLate = await Promise.all(late.map(({ whole }) => whole));
    for (const told of toLate.slice(0, 10)) expect(told).toEqual(first);
    for (const told of toLate.slice(10)) expect(told).toEqual({ ...first, events: first?.events.slice(1) });
    expect(readers).toEqual({ events: 1, lines: 1 });
    // Behind the last one nothing is read any more: who comes now has it read anew.
    expect(await (await listen()).whole).toEqual(first);
    expect(readers).toEqual({ events: 2, lines: 2 });
  });

  test("end for who goes", async () => {
    const { watching } = createTeam();
    await using _ = watching;
    const { trigger, send } = createClient(watching);
    const { deploymentId } = await trigger({ environment: "development", source: "shop:1" });
    const { body } = await send("GET", `/events/${deploymentId}`);
    const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    await reader?.read();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(": waiting for a worker\n\n");
    await reader?.cancel();
  });

  test("that fail on the way end the stream, and nothing else", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    const { deploymentId } = await createClient(watching).trigger({ environment: "development", source: "shop:1" });
    await using worker = createWorker();
    await worker.work({ untilIdle: true });
    const found = await watching.deployment(deploymentId);
    const events = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("the store is closed")) }) });
    const broken = { ...watching, deployment: () => Promise.resolve({ ...found, events }) } as unknown as Deployer;
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    const response = await createClient(broken).send("GET", `/events/${deploymentId}`);
    await expect(response.text()).rejects.toMatchObject({ code: "HTTP_FAILED" });
    // Node tells of what nobody has handled before the next turn of its loop.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });
});

test.each([
  ["POST", "/trigger", { environment: "development", commit: "; rm -rf" }, 400, "HTTP_REQUEST_INVALID"],
  ["POST", "/trigger", { environemnt: "development" }, 400, "HTTP_REQUEST_INVALID"],
  ["POST", "/trigger", { environment: "moon", source: "shop:1" }, 404, "ENVIRONMENT_UNKNOWN"],
  ["POST", "/trigger", { environment: "development", branch: "main", commit: "c0ffee1" }, 422, "HTTP_SOURCE_UNKNOWN"],
  ["POST", "/rollback", { environment: "development", targetDeploymentId: "dep_unknown" }, 404, "DEPLOYMENT_UNKNOWN"],
  ["GET", "/status/dep_unknown", undefined, 404, "DEPLOYMENT_UNKNOWN"],
  ["GET", "/events/dep_unknown", undefined, 404, "DEPLOYMENT_UNKNOWN"],
  ["POST", "/abort/dep_unknown", {}, 404, "DEPLOYMENT_UNKNOWN"],
  ["GET", "/status/dep_unknown?logs=-1", undefined, 400, "HTTP_REQUEST_INVALID"],
  ["GET", "/history?limit=1e9", undefined, 400, "HTTP_REQUEST_INVALID"],
])("%s %s with %j is a %i", async (...row) => {
  const [method, path, body, status, code] = row;
  const { watching } = createTeam();
  await using _ = watching;
  const { ask } = createClient(watching, { sources: () => undefined });
  const answer = await ask(method, path, body === undefined ? {} : { body });
  expect([answer.status, answer.body["code"]]).toEqual([status, code]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
});

test("closed to whoever is not known", async () => {
  const { watching } = createTeam();
  await using _ = watching;
  const { ask } = createClient(watching);
  const closed = createClient(watching, { authenticate: undefined } as unknown as Partial<HttpOptions>);
  for (const [method, path] of [
    ["POST", "/trigger"],
    ["POST", "/rollback"],
    ["GET", "/status/x"],
    ["GET", "/history"],
    ["GET", "/events/x"],
    ["POST", "/approve/x"],
    ["POST", "/reject/x"],
    ["POST", "/abort/x"],
  ] as const) {
    expect((await ask(method, path, { token: "nobody-0123456789-0123456789" })).status).toBe(401);
    expect((await closed.ask(method, path)).status).toBe(403);
  }
});
