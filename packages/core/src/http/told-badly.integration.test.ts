import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createTestClock } from "@fairlead/testing";
import { describe, expect, test, vi } from "vitest";
import type { FairleadError } from "../errors/fairlead-error.js";
import { createHealth, defineCheck } from "../health/index.js";
import type { Status } from "../status/index.js";
import { createHttp } from "./create-http.js";
import { toFetchHandler } from "./fetch-handler.js";
import type { HttpDeployer } from "./http-options.js";
import { toNodeHandler } from "./node-handler.js";
import { bearerTokens } from "./tokens.js";

const redact = (text: string): string => {
  if (text.includes("odd")) throw new Error("canary: cannot be masked");
  return text.replaceAll("canary", "[redacted]");
};

async function shop() {
  const clock = createTestClock();
  const down = (name: string, word: string) =>
    defineCheck({ name, run: () => ({ status: "down", reason: "refused", message: `${word} canary`, data: { word } }) });
  const options = { clock, failureThreshold: 1, startPeriod: "0s" } as const;
  const health = createHealth({ ...options, checks: [down("database", "odd"), down("search", "plain")] }).background();
  await clock.advance("0s");
  return health;
}

test("a check that cannot be masked is answered without what it says, the others as ever, and no other path is touched", async () => {
  const asked = vi.fn(redact);
  const http = createHttp({ health: await shop(), redact: asked, public: ["health.details"] });
  const elsewhere = await http.fetch(new Request("https://shop.example/products"));
  expect([elsewhere.status, asked.mock.calls.length]).toEqual([404, 0]);
  const response = await http.fetch(new Request("https://shop.example/api/health?verbose"));
  const answer = (await response.json()) as { services: Record<string, object> };
  expect(answer).toMatchObject({ status: "unhealthy", services: { database: { status: "down", reason: "check_failed" } } });
  expect(answer.services["database"]).not.toHaveProperty("message");
  expect(answer.services["database"]).not.toHaveProperty("data");
  expect(answer.services["search"]).toMatchObject({
    status: "down",
    reason: "refused",
    message: "plain [redacted]",
    data: { word: "plain" },
  });
});

const ada = "ada-0123456789-0123456789";
const failing = {
  application: "shop",
  environments: [],
  history: () => Promise.reject(new Error("odd canary")),
  pendingRequests: () => Promise.resolve([]),
} as unknown as HttpDeployer;
const breaking = (): never => {
  throw new Error("canary: nobody can be told");
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const rejecting = { ...silent, error: () => Promise.reject(new Error("canary: the log is full")) as unknown as undefined };

test.each([
  ["a `redact` that throws", { redact: breaking, log: silent }],
  ["a `log` that throws", { log: { info: breaking, warn: breaking, error: breaking } }],
  ["a `log` that rejects", { log: rejecting }],
  ["both", { redact: breaking, log: { info: breaking, warn: breaking, error: breaking } }],
])("%s leaves no request without an answer", async (_, options) => {
  const http = createHttp({ deployer: failing, authenticate: bearerTokens([{ id: "ada", token: ada }]), ...options });
  await using server = await listening(http.node);
  for (const path of ["/api/deploy/history", "/deployments"])
    for (const method of ["GET", "HEAD"])
      for (const ask of [server.fetch, (request: Request) => http.fetch(request)]) {
        const response = await ask(new Request(`${server.origin}${path}`, { method, headers: { authorization: `Bearer ${ada}` } }));
        const text = await response.text();
        expect([path, method, response.status, text.includes("canary")]).toEqual([path, method, 500, false]);
        expect(text.includes("HTTP_FAILED")).toBe(method === "GET");
      }
});

test("what cannot be masked is in the log under the reference that the answer names", async () => {
  const logged: string[] = [];
  const error = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
  const options = { deployer: failing, public: ["deployments.read"], log: { ...silent, error }, redact } as const;
  const response = await createHttp(options).fetch(new Request("https://shop.example/api/deploy/history"));
  const { data } = (await response.json()) as { data: { reference: string } };
  expect(logged.join()).toContain(data.reference);
  expect(logged.join()).not.toContain("canary");
});

test("an answer that cannot be sent is a 500, and not a request without an end", async () => {
  const http = createHttp({ health: await shop() });
  await using server = await listening((request, response) => {
    const { writeHead } = response;
    response.writeHead = () => {
      response.writeHead = writeHead;
      throw new Error("canary: another layer refuses this head");
    };
    http.node(request, response);
  });
  for (const path of ["/api/health", "/elsewhere"]) {
    const response = await server.fetch(new Request(`${server.origin}${path}`));
    expect([response.status, await response.json()]).toMatchObject([500, { code: "HTTP_FAILED" }]);
  }
});

describe("every reference that is answered is told to somebody", () => {
  const moody = async () => {
    const health = await shop();
    let isBroken = false;
    const snapshot = () => {
      if (isBroken) throw new Error("plain canary: no snapshot");
      return health.snapshot();
    };
    return { health: { ...health, snapshot }, breakIt: () => (isBroken = true) };
  };
  const referenceOf = async (response: Response) => ((await response.json()) as { data: { reference: string } }).data.reference;

  test("to the log of the surface, by every way to ask it", async () => {
    const logged: string[] = [];
    const error = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
    const { health, breakIt } = await moody();
    const http = createHttp({ health, redact, log: { ...silent, error } });
    await using server = await listening(http.node);
    breakIt();
    const asked = () => new Request(`${server.origin}/api/health`);
    const responses = [await server.fetch(asked()), await http.fetch(asked())];
    for (const response of responses) {
      const reference = await referenceOf(response);
      expect(logged.filter((line) => line.includes(reference))).toEqual([expect.stringContaining("plain [redacted]: no snapshot")]);
    }
    expect(logged).toHaveLength(2);
  });

  test("to `onError` of handlers for health alone", async () => {
    const { health, breakIt } = await moody();
    const told: unknown[][] = [];
    const options = { onError: (...given: unknown[]) => told.push(given) };
    await using server = await listening(toNodeHandler(health, options));
    const fetchHealth = toFetchHandler(health, options);
    breakIt();
    const asked = () => new Request(`${server.origin}/api/health`);
    for (const response of [await server.fetch(asked()), await fetchHealth(asked())]) {
      const reference = await referenceOf(response);
      expect(told).toContainEqual([expect.objectContaining({ message: "plain canary: no snapshot" }), reference]);
    }
    expect(told).toHaveLength(2);
  });

  test("to the log where an answer cannot be sent, or a stream breaks off", async () => {
    const logged: string[] = [];
    const error = (message: string, fields?: object) => void logged.push(JSON.stringify({ message, ...fields }));
    const statusOf = { current: () => Promise.resolve({ version: "1", rollUp: { status: "operational" } }), onChange: breaking };
    const http = createHttp({ health: await shop(), status: statusOf as unknown as Status, log: { ...silent, error } });
    let refuses = true;
    await using server = await listening((request, response) => {
      const { writeHead } = response;
      response.writeHead = (...head: unknown[]) => {
        response.writeHead = writeHead;
        if (refuses) throw new Error("another layer refuses this head");
        return Reflect.apply(writeHead, response, head) as typeof response;
      };
      http.node(request, response);
    });
    const reference = await referenceOf(await server.fetch(new Request(`${server.origin}/api/health`)));
    expect(logged.splice(0)).toEqual([expect.stringMatching(new RegExp(`another layer refuses this head.*${reference}`))]);
    refuses = false;
    await (await server.fetch(new Request(`${server.origin}/status/events`))).text();
    await vi.waitFor(() => expect(logged.splice(0)).toEqual([expect.stringContaining("nobody can be told")]));
    const broken = await http.fetch(new Request(`${server.origin}/status/events`));
    const told = (await broken.text().catch((thrown: unknown) => thrown)) as FairleadError<{ reference: string }>;
    expect(told.code).toBe("HTTP_FAILED");
    expect(logged).toEqual([expect.stringMatching(new RegExp(`nobody can be told.*${told.data.reference}`))]);
  });

  test("but nobody is told of who only stops listening", async () => {
    const error = vi.fn<() => void>();
    const statusOf = {
      current: () => Promise.resolve({ version: "1", rollUp: { status: "operational" } }),
      onChange: () => () => undefined,
    };
    const http = createHttp({ status: statusOf as unknown as Status, log: { ...silent, error } });
    for (let read = 0; read < 3; read += 1) {
      const { body } = await http.fetch(new Request("https://shop.example/status/events"));
      const reader = body?.getReader();
      for (let texts = 0; texts < read; texts += 1) await reader?.read();
      const waiting = reader?.read();
      await reader?.cancel();
      await waiting;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(error).not.toHaveBeenCalled();
  });
});

async function listening(handler: RequestListener) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(5_000) }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
