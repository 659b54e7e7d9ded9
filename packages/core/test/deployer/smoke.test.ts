import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished, expect, test } from "vitest";
import { image, memoryStore, type DeploymentResult, type SmokeSubject, type SmokeTest } from "../../src/index.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene, targetInMemory, type Scene } from "./scene.js";

/** A shop of which the candidate has the address. */
async function openShop(): Promise<{ readonly url: string; readonly seen: string[] }> {
  const orders = new Map<string, string>();
  const seen: string[] = [];
  const answer = async (request: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> => {
    const { method = "", url = "", headers } = request;
    seen.push(`${method} ${url}`);
    if (method === "POST" && url === "/orders") {
      const { item } = JSON.parse(await text(request)) as { readonly item: string };
      orders.set("a/1", item);
      return { status: 201, body: JSON.stringify({ order: { id: "a/1", total: 3 } }) };
    }
    const item = orders.get(decodeURIComponent(url.replace("/orders/", "")));
    if (item !== undefined) return { status: headers["x-order"] === "a/1" ? 200 : 403, body: JSON.stringify({ item, lines: [1, 2] }) };
    if (url === "/old") return { status: 302, body: "" };
    return { status: 404, body: "nothing here" };
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status, { location: "/new", "x-release": "7" }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, seen };
}

async function deploy(
  smoke: readonly SmokeTest[],
  url?: string,
): Promise<{ readonly scene: Scene; readonly result: DeploymentResult; readonly outputs: Readonly<Record<string, unknown>> }> {
  const scene = createScene({
    environment: { smoke, verify: { within: "2s" } },
    target: (effects) => {
      const target = targetInMemory(effects);
      return {
        ...target,
        prepare: async (input, call) => ({ ...(await target.prepare(input, call)), ...(url === undefined ? {} : { url }) }),
      };
    },
  });
  const deployment = await scene.deployer.deploy({ environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) });
  const result = await deployment.result();
  const { steps } = await deployment.state();
  const outputs = Object.fromEntries(
    Object.entries(steps).map(([id, { forward }]) => [id, forward.status === "succeeded" ? forward.output : undefined]),
  );
  await scene.deployer.close();
  return { scene, result, outputs };
}

const order: SmokeTest = {
  name: "order",
  requests: [
    { path: "/old", expect: { status: 302, headers: { location: "/new" } } },
    {
      method: "POST",
      path: "/orders",
      body: { item: "cup" },
      expect: { status: 201, json: { order: { total: 3 } } },
      keep: { order: "/order/id", release: { header: "x-release" } },
    },
    { path: "/orders/$order?release=$release", expect: { status: 404, text: "nothing" } },
    { path: "/orders/$order", headers: { "x-order": "$order" }, expect: { json: { item: "cup", lines: [1, 2] } } },
  ],
};

test("requests are made in order against the candidate before it serves, and hand values on", async () => {
  const { url, seen } = await openShop();
  const { result, outputs, scene } = await deploy([order], url);
  expect(result).toMatchObject({ phase: "succeeded" });
  expect(seen).toEqual(["GET /old", "POST /orders", "GET /orders/a%2F1?release=7", "GET /orders/a%2F1"]);
  expect(outputs["smoke.order"]).toMatchObject({
    requests: [{ request: "GET /old", status: 302 }, { status: 201 }, { status: 404 }, { status: 200 }],
  });
  expect(scene.effects).toEqual(["prepare c1", "promote c1"]);
});

test.for([
  [{ path: "/old" }, "GET /old: it was answered 302 instead of 200 to 299."],
  [{ path: "/x", expect: { status: 404, text: "something" } }, 'GET /x: the body does not hold "something".'],
  [{ path: "/x", expect: { status: 404, json: {} } }, "GET /x: the body is not JSON."],
  [{ path: "/x", expect: { status: 404, headers: { "x-release": "8" } } }, 'GET /x: the header x-release does not hold "8".'],
  [{ path: "/x", expect: { status: 404, headers: { etag: "8" } } }, "GET /x: it was answered without the header etag."],
  [
    { method: "POST", path: "/orders", body: { item: "cup" }, expect: { json: { order: { id: "b" } } } },
    "POST /orders: the body is not as expected at /order/id.",
  ],
  [{ path: "/x", expect: { status: 404 }, keep: { id: "/id" } }, "GET /x: it holds no /id, which is kept as id."],
] as const)("an answer that is not as expected keeps the candidate from its traffic: %s", async ([request, reason]) => {
  const { url } = await openShop();
  const { result, scene } = await deploy([{ name: "one", requests: [request] }], url);
  expect(result).toMatchObject({ phase: "rolled_back", failedStep: "smoke.one", error: { code: "SMOKE_FAILED", data: { reason } } });
  expect(scene.effects).toEqual(["prepare c1", "discard c1"]);
});

test("a candidate without an address cannot be tested by requests", async () => {
  const { result } = await deploy([order]);
  expect(result).toMatchObject({ phase: "rolled_back", error: { data: { reason: "the candidate has no address" } } });
});

test("a function is told what it tests and where; one that throws keeps the candidate from its traffic", async () => {
  const subjects: SmokeSubject[] = [];
  const run = (subject: SmokeSubject) => void subjects.push(subject);
  const { result } = await deploy(
    [
      { name: "before", run },
      { name: "behind", run, after: "promote", url: "https://shop.example" },
    ],
    "http://c1.example",
  );
  expect(result).toMatchObject({ phase: "succeeded" });
  expect(subjects).toMatchObject([
    { component: "web", url: "http://c1.example", live: false, candidate: { id: "c1" } },
    { component: "web", url: "https://shop.example", live: true },
  ]);
  const failing = await deploy([{ name: "before", run: () => Promise.reject(new Error("the basket is empty")) }]);
  expect(failing.result).toMatchObject({
    phase: "rolled_back",
    error: { message: expect.stringContaining("before: the basket is empty") as string },
  });
  const hanging = await deploy([{ name: "before", within: "50ms", run: () => new Promise(() => undefined) }]);
  expect(hanging.result).toMatchObject({ phase: "rolled_back", error: { message: expect.stringContaining("within 50 ms") as string } });
});

test("a program is told the address, and passes with exit code 0", async () => {
  const command = (code: number): SmokeTest => ({
    name: "program",
    command: [process.execPath, "-e", `console.log(process.env.FAIRLEAD_URL, process.env.ITEM); process.exit(${String(code)})`],
    env: { ITEM: "cup" },
  });
  const good = await deploy([command(0)], "http://c1.example");
  expect(good.result).toMatchObject({ phase: "succeeded" });
  expect(good.outputs["smoke.program"]).toEqual({ exitCode: 0, lines: ["http://c1.example cup"], omitted: 0 });
  const bad = await deploy([command(3)], "http://c1.example");
  expect(bad.result).toMatchObject({ phase: "rolled_back", error: { message: expect.stringContaining("exit code 3") as string } });
});

test("a function that the configuration no longer has is not passed over", async () => {
  const clock = createTestClock();
  const store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const target = targetInMemory([]);
  const sceneWith = (smoke: readonly SmokeTest[]) =>
    createScene({ environment: { smoke, verify: { within: "2s" } }, store, clock, target: () => target });
  const before = sceneWith([{ name: "one", run: () => new Promise(() => undefined) }]);
  const deployment = await before.deployer.deploy({ environment: "development", source: image(`shop@sha256:${"1".repeat(64)}`) });
  while ((await deployment.state()).steps["smoke.one"]?.forward.status !== "started") await clock.advance(100);
  await pass(clock, before.deployer.close());
  const after = sceneWith([]);
  const { deployments } = await pass(clock, after.deployer.recover());
  expect(deployments).toHaveLength(1);
  for (const recovered of deployments)
    expect(await pass(clock, recovered.result())).toMatchObject({ phase: "rolled_back", error: { code: "SMOKE_UNKNOWN" } });
  await pass(clock, after.deployer.close());
});

test("what keeps smoke tests from testing is a problem of the configuration", async () => {
  const run = (): void => undefined;
  const smoke = [
    { name: "one", run, command: ["x"] },
    { name: "Two", run },
    { name: "three", requests: [{ path: "orders" }] },
  ];
  // What no compiler has seen.
  const shape = createScene({ environment: { smoke: smoke } });
  expect((await shape.deployer.validate("development")).map(({ place, problem }) => `${place} ${problem}`)).toEqual([
    "environments.development.smoke.0 expected one of `run`, `requests` and `command`.",
    "environments.development.smoke.1.name expected a name of lower-case letters, digits and hyphens.",
    "environments.development.smoke.2.requests.0.path expected a path that begins with /.",
  ]);
  await shape.deployer.close();
  const meaning = createScene({
    environment: {
      smoke: [
        { name: "one", run, component: "worker" },
        { name: "one", run },
        { name: "two", after: "promote", command: ["true"] },
      ],
    },
  });
  expect((await meaning.deployer.validate("development")).map(({ place }) => place)).toEqual([
    "environments.development.smoke.0.component",
    "environments.development.smoke.1.name",
    "environments.development.smoke.2.url",
  ]);
  await meaning.deployer.close();
});
