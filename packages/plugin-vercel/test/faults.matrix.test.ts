import { createVercelEmulator, type Fault, type VercelEmulator } from "@fairlead/testing/emulators";
import { matrixCases } from "@fairlead/test-support";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Artifact, Candidate } from "@fairlead/core";
import { createCall } from "./support/calls.js";
import { setUpPlugin, type RunningPlugin } from "./support/plugin.js";
import { component, createSite, toInput } from "./support/site.js";

/** One fault that passes. Times are the machine's; the plugin's clock is twenty times as fast. */
const passing: Readonly<Record<string, Fault>> = {
  "500": { kind: "status", status: 500 },
  "502 as a page": { kind: "status", status: 502, body: "<html><body>Bad gateway</body></html>" },
  "503 with Retry-After": { kind: "status", status: 503, retryAfter: 1 },
  "429": { kind: "status", status: 429, retryAfter: 1 },
  "408": { kind: "status", status: 408 },
  "500 after the act": { kind: "status-after", status: 500 },
  "200 without sense after the act": { kind: "status-after", status: 200, body: "<html>captive portal</html>" },
  "a reset before the act": { kind: "reset-before" },
  "a reset after the act": { kind: "reset-after" },
  "a lost answer": { kind: "lost-response" },
  "no answer, not acted on": { kind: "hang" },
  "no answer, acted on": { kind: "hang-after" },
  "an answer that is too late": { kind: "delay", delay: "1s" },
};

let emulator: VercelEmulator;
let plugin: RunningPlugin;
let site: Artifact;

beforeAll(async () => {
  emulator = await createVercelEmulator({
    projects: [{ name: "shop", domains: ["shop.example", "www.shop.example"] }],
    settings: { build: "5ms", move: "5ms" },
  }).listen();
  site = await createSite({ "index.html": "new", "app.js": "run()", "health.json": '{"status":"healthy"}' });
});
beforeEach(async () => {
  await emulator.reset();
  plugin = await createPlugin();
});
afterAll(() => emulator.stop());

/** Without anything that it remembers, as a process that has just begun. */
function createPlugin(): Promise<RunningPlugin> {
  return setUpPlugin({ apiUrl: emulator.url, fetch: emulator.fetch, health: { path: "/health.json" } });
}

async function requestsSince(number: number): Promise<string[]> {
  const { requests } = await emulator.ledger();
  return requests.slice(number).map(({ operation }) => operation);
}

async function count(kind: string): Promise<number> {
  return (await emulator.ledger()).effects.filter((effect) => effect.kind === kind).length;
}

/** The requests that each of these makes when nothing goes wrong. */
const prepareRequests = [
  "project.read",
  "deployment.list",
  "deployment.create",
  "file.upload",
  "file.upload",
  "file.upload",
  "deployment.create",
  "deployment.list",
  "deployment.read",
];
const moveRequests = (move: string): readonly string[] => [
  "deployment.read",
  "project.read",
  "domain.list",
  "project.read",
  move,
  "project.read",
  "alias.read",
  "alias.read",
  "alias.read",
];
/** The page of the release, of the one before and of three domains. */
const pages = 5;

function casesOf(requests: readonly string[]): readonly (readonly [string, number])[] {
  const cases = Object.keys(passing).flatMap((name) => requests.map((_, index) => [name, index + 1] as const));
  return matrixCases(cases, { sample: 20, most: 50 });
}

describe("prepare", () => {
  const run = async (): Promise<Candidate> => plugin.target.prepare(toInput(site), createCall());

  test("makes these requests", async () => {
    await run();
    expect(await requestsSince(0)).toEqual(prepareRequests);
  });

  test.for(casesOf(prepareRequests))("survives %s at request %i with one deployment", async ([name, nth]) => {
    await emulator.fault({ ...passing[name]!, nth });
    const candidate = await run();
    const { deployments, projects } = await emulator.state();
    expect((await emulator.faults())[0]?.struck).toBe(1);
    expect(deployments).toMatchObject([{ id: candidate.id, readyState: "READY", deleted: false }]);
    expect(await count("deployment.created")).toBe(1);
    expect(projects[0]?.productionDeploymentId).toBeNull();
  });

  test.for(prepareRequests.map((operation, index) => [index + 1, operation] as const))(
    "cut off while request %i (%s) is answered, another process finishes it with one deployment",
    async ([nth]) => {
      const input = toInput(site);
      await emulator.fault({ kind: "hold", nth });
      const process = new AbortController();
      const cut = plugin.target.prepare(input, createCall({ signal: process.signal })).catch((error: unknown) => error);
      await emulator.held();
      process.abort(new Error("the process was killed"));
      expect(await cut).toMatchObject({ message: "the process was killed" });
      const successor = await createPlugin();
      const before = await successor.target.observe({ ...component, key: input.key }, createCall());
      const candidate = await successor.target.prepare(input, createCall());
      expect(["absent", "in-progress", "applied"]).toContain(before.status);
      expect((await emulator.state()).deployments).toMatchObject([{ id: candidate.id, readyState: "READY" }]);
      expect(await count("deployment.created")).toBe(1);
    },
  );

  test("two processes that create at the same moment keep the older deployment", async () => {
    await run();
    const input = toInput(site);
    const processes = [await createPlugin(), await createPlugin()];
    const before = (await emulator.ledger()).requests.length;
    await emulator.fault({ kind: "hold-before", every: true, match: { operation: "deployment.create" } });
    const making = processes.map(({ target }) => target.prepare(input, createCall()));
    await expect.poll(async () => (await requestsSince(before)).filter((one) => one === "deployment.create")).toHaveLength(2);
    await emulator.release();
    const [first, second] = await Promise.all(making);
    const ours = (await emulator.state()).deployments.slice(1);
    expect(ours.map(({ deleted }) => deleted)).toEqual([false, true]);
    expect([first?.id, second?.id]).toEqual([ours[0]?.id, ours[0]?.id]);
  });
});

describe.each([
  ["promote", "two", "deployment.promote", "promotion.requested"],
  ["a rollback", "one", "deployment.rollback", "rollback.requested"],
] as const)("%s", (_, to, operation, effect) => {
  const from = to === "one" ? "two" : "one";
  let candidates: Record<"one" | "two", Candidate>;
  let begun: Awaited<ReturnType<VercelEmulator["ledger"]>>;

  beforeEach(async () => {
    const old = await createSite({ "index.html": "old", "health.json": '{"status":"healthy","from":1}' });
    candidates = {
      one: await plugin.target.prepare(toInput(old), createCall()),
      two: await plugin.target.prepare(toInput(site), createCall()),
    };
    await plugin.target.promote({ ...component, candidate: candidates.one }, createCall());
    if (to === "one") await plugin.target.promote({ ...component, candidate: candidates.two, previous: candidates.one }, createCall());
    begun = await emulator.ledger();
    plugin = await createPlugin();
  });

  const run = (by = plugin, signal = new AbortController().signal): Promise<void> =>
    by.target.promote({ ...component, candidate: candidates[to], previous: candidates[from] }, createCall({ signal }));

  async function expectMovedOnce(): Promise<void> {
    const { projects } = await emulator.state();
    const { id } = candidates[to];
    expect(projects[0]).toMatchObject({ productionDeploymentId: id, move: { status: "succeeded", toDeploymentId: id } });
    expect(new Set(Object.values(projects[0]?.domains ?? {}))).toEqual(new Set([id]));
    const effects = (await emulator.ledger()).effects.slice(begun.effects.length).map(({ kind }) => kind);
    expect(effects).toEqual([effect, "production.moved"]);
    expect(await plugin.target.current(component, createCall())).toMatchObject({ candidate: candidates[to], settled: true });
  }

  test("makes these requests", async () => {
    await run();
    const { served } = await emulator.ledger();
    expect(await requestsSince(begun.requests.length)).toEqual(moveRequests(operation));
    expect(served.length - begun.served.length).toBe(pages);
  });

  test.for(casesOf(moveRequests(operation)))("survives %s at request %i and moves once", async ([name, nth]) => {
    await emulator.fault({ ...passing[name]!, nth });
    await run();
    expect((await emulator.faults())[0]?.struck).toBe(1);
    await expectMovedOnce();
  });

  test.for(casesOf(Array.from({ length: pages }, () => "page")))("survives %s at page %i", async ([name, nth]) => {
    await emulator.fault({ ...passing[name]!, nth, match: { host: "**" } });
    await run();
    expect((await emulator.faults())[0]?.struck).toBe(1);
    await expectMovedOnce();
  });

  test.for(moveRequests(operation).map((name, index) => [index + 1, name] as const))(
    "cut off while request %i (%s) is answered, another process finishes it and moves once",
    async ([nth]) => {
      await emulator.fault({ kind: "hold", nth });
      const process = new AbortController();
      const cut = run(plugin, process.signal).catch((error: unknown) => error);
      await emulator.held();
      process.abort(new Error("the process was killed"));
      expect(await cut).toMatchObject({ message: "the process was killed" });
      await run(await createPlugin());
      await expectMovedOnce();
    },
  );
});

describe("promote to a domain of a preview environment", () => {
  const preview = { ...component, environment: "staging" };
  const options = { environments: { staging: { domain: "staging.shop.example" } }, health: { path: "/health.json" } };
  const requests = ["deployment.read", "project.read", "alias.read", "alias.assign", "alias.read"];
  let candidate: Candidate;
  let begun: number;

  const createPreview = (): Promise<RunningPlugin> =>
    setUpPlugin({ apiUrl: emulator.url, fetch: emulator.fetch, ...options }, { environment: "staging" });

  beforeEach(async () => {
    plugin = await createPreview();
    candidate = await plugin.target.prepare(toInput(site, { environment: "staging" }), createCall());
    begun = (await emulator.ledger()).requests.length;
    plugin = await createPreview();
  });

  test("makes these requests", async () => {
    await plugin.target.promote({ ...preview, candidate }, createCall());
    expect(await requestsSince(begun)).toEqual(requests);
  });

  test.for(casesOf(requests))("survives %s at request %i", async ([name, nth]) => {
    await emulator.fault({ ...passing[name]!, nth });
    await plugin.target.promote({ ...preview, candidate }, createCall());
    expect((await emulator.faults())[0]?.struck).toBe(1);
    expect(await plugin.target.current(preview, createCall())).toMatchObject({ candidate, settled: true });
    expect(await (await emulator.fetch("https://staging.shop.example/")).text()).toBe("new");
  });
});
